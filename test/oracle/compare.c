/*
 * compare.c — the core's side of the comparison with the oracle. Reads one command a line from stdin:
 *
 *	B<document>		compile a book; a refused one is told on stderr, and each of its bills is an error
 *	P				start a person
 *	b<bill>			settle a bill and print the result as one JSON line, in the form of the oracle
 *	A				print the person's account as one JSON line
 *	q<bill>			settle a bill by one fold, and print nothing; what goes wrong is told on stderr
 *	D				print the digest of everything settled for the person: 16 hexadecimal digits (frozen.py)
 *
 * Every bill is settled twice: by the person's one fold, and by a second fold that resumes from the written account and
 * traces. Splits and accounts must be equal, and every split must conserve its bill; if not, the result is an error.
 * Knows nothing of what is expected: check.py compares.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "settle.h"

#define ACCOUNT_BYTES (4 * 1024 * 1024)
#define RESULT_BYTES (64 * 1024)
#define SCRATCH_BYTES (4 * 1024 * 1024)

static const char *const state_name[] = {"no_rule", "applied", "given", "waived", "not_applicable", "alternative_paid"};

typedef struct Session
{
	Book		book;
	char	   *arena;
	int64_t		arena_size;
	Fold		fold;
	Fold		resumed;
	Trace		trace;
	uint64_t	digest;			/* of the person's splits */
	char		account[ACCOUNT_BYTES];
	char		account_again[ACCOUNT_BYTES];
	char		scratch[SCRATCH_BYTES];
	char		bill_scratch[MAX_JSON_BYTES];
	char		result[RESULT_BYTES];
} Session;

/* ---- writing ---- */

static void
WriteFen(JsonWriter *w, const char *key, int64_t fen)
{
	JsonKey(w, key, -1);
	JsonScaled(w, fen, 2, 2);
}

static void
WriteExact(JsonWriter *w, const char *key, Exact amount)
{
	JsonKey(w, key, -1);
	JsonScaled(w, ExactNano(amount), 11, 2);
}

static void
WriteLine(JsonWriter *w, const Layer *layer, const Line *line)
{
	JsonOpen(w, '{');
	JsonKey(w, "layer", -1);
	JsonText(w, layer->name.text, layer->name.length);
	JsonKey(w, "kind", -1);
	JsonText(w, layer_kind_name[layer->kind], -1);
	JsonKey(w, "state", -1);
	JsonText(w, state_name[line->state], -1);
	if (line->rule != NO_INDEX)
	{
		JsonKey(w, "rule", -1);
		JsonText(w, layer->rules[line->rule].name.text, layer->rules[line->rule].name.length);
	}
	WriteExact(w, "base", line->base);
	WriteExact(w, "cumulative", line->cumulative);
	WriteExact(w, "deductible", line->deductible);
	WriteFen(w, "due", line->due_fen);
	WriteFen(w, "paid", line->paid_fen);
	WriteFen(w, "adjustment", line->adjustment_fen);
	WriteFen(w, "recoverable", line->recoverable_fen);
	WriteFen(w, "set_off", line->set_off_fen);
	JsonClose(w, '}');
}

static void
WriteLeft(JsonWriter *w, const Split *split)
{
	JsonKey(w, "left", -1);
	JsonOpen(w, '{');
	for (int i = 0; i < BUCKET_PART + split->page->n_parts; i++)
	{
		if (split->left_fen[i] == 0)
			continue;
		if (i < BUCKET_PART)
			JsonKey(w, bucket_name[i], -1);
		else
			JsonKey(w, split->page->parts[i - BUCKET_PART].text, split->page->parts[i - BUCKET_PART].length);
		JsonScaled(w, split->left_fen[i], 2, 2);
	}
	JsonClose(w, '}');
}

static void
PrintSplit(Session *s, const Split *split)
{
	JsonWriter	w = {.out = s->result, .size = RESULT_BYTES};

	JsonOpen(&w, '{');
	WriteFen(&w, "hospital", split->hospital_fen);
	WriteFen(&w, "patient", split->patient_fen);
	JsonKey(&w, "lines", -1);
	JsonOpen(&w, '[');
	for (int i = 0; i < split->n_lines; i++)
		WriteLine(&w, &split->page->layers[i], &split->lines[i]);
	JsonClose(&w, ']');
	WriteLeft(&w, split);
	JsonClose(&w, '}');
	if (w.length > RESULT_BYTES)
		abort();
	printf("%.*s\n", w.length, s->result);
}

static void
PrintError(const char *what, const Fault *fault)
{
	char		text[4 * MAX_FAULT_TEXT];
	JsonWriter	w = {.out = text, .size = sizeof(text)};

	JsonOpen(&w, '{');
	JsonKey(&w, "error", -1);
	JsonText(&w, what, -1);
	if (fault != NULL)
	{
		JsonKey(&w, "status", -1);
		JsonInteger(&w, fault->status);
		JsonKey(&w, "path", -1);
		JsonText(&w, fault->path, -1);
		JsonKey(&w, "found", -1);
		JsonText(&w, fault->found, -1);
	}
	JsonClose(&w, '}');
	printf("%.*s\n", w.length < (int) sizeof(text) ? w.length : (int) sizeof(text), text);
}

/* ---- settling ---- */

static bool
Conserves(const Split *split)
{
	int64_t		sum = split->hospital_fen + split->patient_fen;
	int64_t		left = 0;

	for (int i = 0; i < split->n_lines; i++)
	{
		if (split->lines[i].paid_fen < 0 || split->lines[i].adjustment_fen < 0 || split->lines[i].recoverable_fen < 0)
			return false;
		sum += split->lines[i].paid_fen;
	}
	for (int i = 0; i < BUCKETS; i++)
	{
		if (split->left_fen[i] < 0)
			return false;
		left += split->left_fen[i];
	}
	return sum == split->total_fen && left == split->patient_fen && split->hospital_fen >= 0;
}

static bool
SameExact(Exact a, Exact b)
{
	return ExactCompare(a, b) == 0;
}

static bool
SameSplit(const Split *a, const Split *b)
{
	if (a->page != b->page || a->total_fen != b->total_fen || a->hospital_fen != b->hospital_fen ||
		a->patient_fen != b->patient_fen || a->n_lines != b->n_lines ||
		memcmp(a->left_fen, b->left_fen, sizeof(a->left_fen)) != 0)
		return false;
	for (int i = 0; i < a->n_lines; i++)
	{
		const Line *x = &a->lines[i];
		const Line *y = &b->lines[i];

		if (x->state != y->state || x->rule != y->rule || !SameExact(x->base, y->base) ||
			!SameExact(x->cumulative, y->cumulative) || !SameExact(x->deductible, y->deductible) ||
			x->due_fen != y->due_fen || x->paid_fen != y->paid_fen || x->adjustment_fen != y->adjustment_fen ||
			x->recoverable_fen != y->recoverable_fen || x->set_off_fen != y->set_off_fen)
			return false;
	}
	return true;
}

static void
SettleTwice(Session *s, const char *json, int length)
{
	Bill		bill;
	Split		split;
	Split		again;
	Fault		fault = {0};
	int			size = AccountToJson(&s->fold.account, s->account, ACCOUNT_BYTES);
	int			size_again;

	if (BillFromJson(json, length, s->bill_scratch, sizeof(s->bill_scratch), &bill, &fault) != ST_OK)
	{
		PrintError("bill", &fault);
		return;
	}
	FoldOpen(&s->resumed, &s->book);
	if (AccountFromJson(s->account, size, s->scratch, SCRATCH_BYTES, &s->resumed.account, &fault) != ST_OK)
	{
		PrintError("account", &fault);
		return;
	}
	FoldResume(&s->resumed);
	if (SettleStep(&s->fold, &bill, &split, NULL, &fault) != ST_OK)
	{
		PrintError("settle", &fault);
		return;
	}
	if (SettleStep(&s->resumed, &bill, &again, &s->trace, &fault) != ST_OK)
	{
		PrintError("settle resumed", &fault);
		return;
	}
	size = AccountToJson(&s->fold.account, s->account, ACCOUNT_BYTES);
	size_again = AccountToJson(&s->resumed.account, s->account_again, ACCOUNT_BYTES);
	if (!Conserves(&split))
		PrintError("the split does not conserve the bill", NULL);
	else if (!SameSplit(&split, &again))
		PrintError("the resumed fold gives another split", NULL);
	else if (size != size_again || memcmp(s->account, s->account_again, (size_t) size) != 0)
		PrintError("the resumed fold gives another account", NULL);
	else
		PrintSplit(s, &split);
}

/* ---- digests ---- */

/* FNV-1a over the eight bytes of a number, the lowest first */
static void
Digest(Session *s, int64_t value)
{
	for (int i = 0; i < 8; i++)
		s->digest = (s->digest ^ (uint8_t) ((uint64_t) value >> (8 * i))) * UINT64_C(0x100000001B3);
}

static void
DigestExact(Session *s, Exact value)
{
	Digest(s, value.fen);
	Digest(s, value.nano);
}

/* Every figure that the oracle, too, has; what is left by place, with a mark before each that is not 0 */
static void
DigestSplit(Session *s, const Split *split)
{
	Digest(s, split->hospital_fen);
	Digest(s, split->patient_fen);
	for (int i = 0; i < split->n_lines; i++)
	{
		const Line *line = &split->lines[i];

		Digest(s, line->state);
		Digest(s, line->rule);
		DigestExact(s, line->base);
		DigestExact(s, line->cumulative);
		DigestExact(s, line->deductible);
		Digest(s, line->due_fen);
		Digest(s, line->paid_fen);
		Digest(s, line->adjustment_fen);
		Digest(s, line->recoverable_fen);
		Digest(s, line->set_off_fen);
	}
	for (int i = 0; i < BUCKETS; i++)
	{
		if (split->left_fen[i] == 0)
			continue;
		Digest(s, i);
		Digest(s, split->left_fen[i]);
	}
}

/* Settle for the digest alone */
static void
SettleQuietly(Session *s, const char *json, int length)
{
	Bill		bill;
	Split		split;
	Fault		fault = {0};

	if (BillFromJson(json, length, s->bill_scratch, sizeof(s->bill_scratch), &bill, &fault) != ST_OK ||
		SettleStep(&s->fold, &bill, &split, NULL, &fault) != ST_OK)
	{
		fprintf(stderr, "bill: status %d at %s: %s\n", (int) fault.status, fault.path, fault.found);
		Digest(s, -1 - (int64_t) fault.status);
	}
	else
		DigestSplit(s, &split);
}

static bool
OpenBook(Session *s, const char *json, int length)
{
	Fault		fault = {0};

	if (ArenaNeeded(length) > s->arena_size)
	{
		free(s->arena);
		s->arena_size = ArenaNeeded(length);
		s->arena = malloc((size_t) s->arena_size);
		if (s->arena == NULL)
			abort();
	}
	if (CompileBook(json, length, s->arena, s->arena_size, &s->book, &fault) != ST_OK)
	{
		fprintf(stderr, "book: status %d at %s: %s; expected %s\n", (int) fault.status, fault.path, fault.found, fault.expected);
		return false;
	}
	FoldOpen(&s->fold, &s->book);
	return true;
}

int
main(void)
{
	Session    *s = calloc(1, sizeof(Session));
	char	   *line = NULL;
	size_t		room = 0;
	ssize_t		length;
	bool		open = false;

	if (s == NULL)
		return 1;
	while ((length = getline(&line, &room, stdin)) > 0)
	{
		if (line[length - 1] == '\n')
			length--;
		if (line[0] == 'B')
			open = OpenBook(s, line + 1, (int) length - 1);
		else if (!open && line[0] == 'b')
			PrintError("no book", NULL);
		else if (open && line[0] == 'P')
		{
			FoldPerson(&s->fold);
			s->digest = UINT64_C(0xCBF29CE484222325);
		}
		else if (open && line[0] == 'q')
			SettleQuietly(s, line + 1, (int) length - 1);
		else if (line[0] == 'D')
			printf("%016llx\n", open ? (unsigned long long) s->digest : 0);
		else if (open && line[0] == 'b')
			SettleTwice(s, line + 1, (int) length - 1);
		else if (open && line[0] == 'A')
			printf("%.*s\n", AccountToJson(&s->fold.account, s->account, ACCOUNT_BYTES), s->account);
	}
	free(line);
	free(s->arena);
	free(s);
	return 0;
}
