/*
 * fold_helpers.c — one small book and one person for the tests of the fold. What a test expects stands in the tests.
 */
#include "fold_helpers.h"

#include <stdlib.h>

#define MAX_TEXT MAX_JSON_BYTES
#define MAX_BILL_TEXT (8 * 1024)
#define MAX_ACCOUNT_TEXT (4 * 1024 * 1024)

Fold		person;
Split		split;
Trace		trace;
Fault		fault;
PlanHint   *hint = NULL;
char		broken[256];

static Fold resumed;			/* follows the person through the account's JSON form */
static Fold kept;				/* the person before the bill */
static Split traced;
static Book book;
static char *arena;
static char day[32];
static int	seq;
static char document[MAX_TEXT];
static char account_text[MAX_ACCOUNT_TEXT + 1];

static const char *const page_start =
"{'title':'test','region':'R','scheme':'S','from':'2000-01-01','sources':{'t':{'document':'made for this test'}},"
"'cite':{'source':'t'},"
"'codes':{'care_type':{'11':'a','21':'b','2101':'c'},'level':{'1':'a','2':'b','3':'c'},'referral':{'yes':'a','no':'b'},"
"'place':{'local':'a','away':'b'},'person_type':{'worker':'a','resident':'b'},'category':{'poor':'a','low':'b','other':'c'},"
"'disease':{'d1':'a','d2':'b'}},";

/* ---- documents ---- */

/* Copy with " for ' */
static void
Quote(char *out, size_t size, const char *text)
{
	size_t		i = 0;

	for (; text[i] != '\0' && i + 1 < size; i++)
		out[i] = text[i] == '\'' ? '"' : text[i];
	out[i] = '\0';
}

Status
OpenBook(const char *json)
{
	int			length;
	Status		status;

	Quote(document, sizeof(document), json);
	length = (int) strlen(document);
	free(arena);
	arena = malloc((size_t) ArenaNeeded(length));
	split.n_lines = 0;
	memset(&fault, 0, sizeof(fault));
	status = CompileBook(document, length, arena, ArenaNeeded(length), &book, &fault);
	FoldOpen(&person, &book);
	FoldOpen(&resumed, &book);
	OnDay("2025-01-01");
	return status;
}

Status
OpenPage(const char *members)
{
	static char text[MAX_TEXT];

	snprintf(text, sizeof(text), "{'format':1,'engine':1,'pages':[%s%s}]}", page_start, members);
	return OpenBook(text);
}

Status
OpenRule(const char *members)
{
	static char text[MAX_TEXT];

	snprintf(text, sizeof(text), "'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r',%s}]}]", members);
	return OpenPage(text);
}

void
OnDay(const char *text)
{
	snprintf(day, sizeof(day), "%s", text);
}

void
NewPerson(void)
{
	FoldPerson(&person);
	OnDay("2025-01-01");
	seq = 0;
}

/* The number behind a key, x 100; 0 when the key is not there */
int64_t
HundredthsOf(const char *text, const char *key)
{
	char		quoted[40];
	const char *at;
	int64_t		value = 0;
	int			decimals = 0;

	snprintf(quoted, sizeof(quoted), "'%s':", key);
	at = strstr(text, quoted);
	if (at == NULL)
		return 0;
	for (at += strlen(quoted); *at >= '0' && *at <= '9'; at++)
		value = value * 10 + *at - '0';
	for (at += *at == '.'; *at >= '0' && *at <= '9'; at++, decimals++)
		value = value * 10 + *at - '0';
	for (; decimals < 2; decimals++)
		value *= 10;
	return value;
}

/* The whole bill around the members that the test states */
static void
MakeBill(const char *members, char *out, size_t size)
{
	static const char *const columns[] = {"in_scope", "excluded", "over_limit", "first_share"};
	char		head[256];
	char		total[64] = "";
	int64_t		sum = 0;
	char		text[MAX_BILL_TEXT];

	for (int i = 0; i < 4; i++)
		sum += HundredthsOf(members, columns[i]);
	if (strstr(members, "'total':") == NULL && strstr(members, "'kind':") == NULL)
		snprintf(total, sizeof(total), "'total':%lld.%02lld,", (long long) sum / 100, (long long) sum % 100);
	snprintf(head, sizeof(head), "%s%s", strstr(members, "'region':") == NULL ? "'region':'R'," : "",
			 strstr(members, "'scheme':") == NULL ? "'scheme':'S'," : "");
	snprintf(text, sizeof(text), "{%s'ordered_at':'%s','seq':%d,%s%s}", head, day, ++seq, total, members);
	Quote(out, size, text);
}

/* ---- accounts ---- */

static int
WriteAccount(const Account *account, char *out)
{
	int			length = AccountToJson(account, out, MAX_ACCOUNT_TEXT);

	out[length <= MAX_ACCOUNT_TEXT ? length : 0] = '\0';
	return length;
}

const char *
AccountText(void)
{
	WriteAccount(&person.account, account_text);
	return account_text;
}

static Status
ReadAccount(Fold *fold, const char *json, int length)
{
	int			size = AccountScratchNeeded(length);
	char	   *scratch = malloc((size_t) size);
	Status		status = AccountFromJson(json, length, scratch, size, &fold->account, &fault);

	free(scratch);
	FoldResume(fold);
	return status;
}

Status
ResumeFrom(const char *json)
{
	Quote(account_text, sizeof(account_text), json);
	return ReadAccount(&person, account_text, (int) strlen(account_text));
}

/* ---- what must hold on every bill ---- */

static void
Require(bool holds, const char *what)
{
	if (!holds && broken[0] == '\0')
		snprintf(broken, sizeof(broken), "%s", what);
}

/* total = layers + hospital + patient, every term at least 0 */
static void
RequireConservation(const Split *s)
{
	int64_t		sum = s->hospital_fen + s->patient_fen;
	int64_t		left = 0;

	for (int i = 0; i < s->n_lines; i++)
	{
		const Line *line = &s->lines[i];

		sum += line->paid_fen;
		Require(line->paid_fen >= 0 && line->adjustment_fen >= 0 && line->recoverable_fen >= 0 && line->set_off_fen >= 0,
			"an amount is negative");
		Require(line->cumulative.fen >= 0 && line->deductible.fen >= 0, "a cumulative base or a deductible is negative");
		Require(line->set_off_fen <= line->paid_fen + line->adjustment_fen, "more is set off than is paid");
	}
	for (int i = 0; i < BUCKETS; i++)
	{
		left += s->left_fen[i];
		Require(s->left_fen[i] >= 0, "a bucket is below 0");
	}
	Require(s->hospital_fen >= 0 && s->patient_fen >= 0, "the hospital's or the patient's share is negative");
	Require(left == s->patient_fen, "the patient does not bear what is left");
	Require(sum == s->total_fen, "the bill does not add up");
}

static bool
SameLine(const Line *a, const Line *b)
{
	return a->state == b->state && a->rule == b->rule && ExactCompare(a->base, b->base) == 0 &&
		ExactCompare(a->cumulative, b->cumulative) == 0 && ExactCompare(a->deductible, b->deductible) == 0 &&
		a->due_fen == b->due_fen && a->room_fen == b->room_fen && a->paid_fen == b->paid_fen &&
		a->adjustment_fen == b->adjustment_fen && a->recoverable_fen == b->recoverable_fen && a->set_off_fen == b->set_off_fen;
}

static bool
SameSplit(const Split *a, const Split *b)
{
	bool		same = a->total_fen == b->total_fen && a->hospital_fen == b->hospital_fen && a->patient_fen == b->patient_fen &&
		a->n_lines == b->n_lines && memcmp(a->left_fen, b->left_fen, sizeof(a->left_fen)) == 0;

	for (int i = 0; same && i < a->n_lines; i++)
		same = SameLine(&a->lines[i], &b->lines[i]);
	return same;
}

/* The account goes to JSON and comes back as it was; the resumed fold has moved it likewise */
static void
RequireSameAccounts(void)
{
	static char first[MAX_ACCOUNT_TEXT + 1];
	static char second[MAX_ACCOUNT_TEXT + 1];
	int			length = WriteAccount(&person.account, first);

	WriteAccount(&resumed.account, second);
	Require(strcmp(first, second) == 0, "the resumed account is another one");
	Require(ReadAccount(&resumed, first, length) == ST_OK, "the account cannot be read back");
	WriteAccount(&resumed.account, second);
	Require(strcmp(first, second) == 0, "the account changes when it is read back");
}

/* ---- settling ---- */

/* On the fold without a trace, and on the resumed one with it */
static Status
SettleBoth(const Bill *bill)
{
	Fault		second;
	Status		status = hint != NULL ? SettleAlike(&person, bill, hint, &split, &fault) : SettleStep(&person, bill, &split, NULL, &fault);
	Status		with_trace = SettleStep(&resumed, bill, &traced, &trace, &second);

	Require(status == with_trace, "with a trace, after resuming, the status is another one");
	if (status != ST_OK || with_trace != ST_OK)
		return status;
	Require(SameSplit(&split, &traced), "with a trace, after resuming, the split is another one");
	RequireConservation(&split);
	return ST_OK;
}

Status
Settle(const char *members)
{
	static char json[MAX_BILL_TEXT];
	static char scratch[64 * MAX_BILL_TEXT];
	Bill		bill;
	Status		status;

	broken[0] = '\0';
	memset(&fault, 0, sizeof(fault));
	MakeBill(members, json, sizeof(json));
	status = BillFromJson(json, (int) strlen(json), scratch, sizeof(scratch), &bill, &fault);
	if (status != ST_OK)
		return status;
	kept = person;
	ReadAccount(&resumed, AccountText(), (int) strlen(AccountText()));
	memset(&fault, 0, sizeof(fault));
	status = SettleBoth(&bill);
	if (status != ST_OK)
	{
		person = kept;
		FoldResume(&person);
		return status;
	}
	RequireSameAccounts();
	return ST_OK;
}

/* ---- looking at the split and the trace ---- */

const Line *
LineOf(const char *layer)
{
	static const Line none = {.state = (LineState) -1};

	for (int i = 0; i < split.n_lines; i++)
	{
		Code		name = split.page->layers[i].name;

		if (name.length == strlen(layer) && memcmp(name.text, layer, name.length) == 0)
			return &split.lines[i];
	}
	return &none;
}

int64_t
LeftIn(const char *bucket)
{
	for (int i = 0; i < BUCKET_PART; i++)
		if (strcmp(bucket_name[i], bucket) == 0)
			return split.left_fen[i];
	for (int i = 0; i < split.page->n_parts; i++)
	{
		Code		part = split.page->parts[i];

		if (part.length == strlen(bucket) && memcmp(part.text, bucket, part.length) == 0)
			return split.left_fen[BUCKET_PART + i];
	}
	return -1;
}

int
CountSteps(StepKind kind)
{
	int			n = 0;

	for (int i = 0; i < trace.n_steps; i++)
		n += trace.steps[i].kind == kind;
	return n;
}

const Step *
StepOf(StepKind kind, int n)
{
	for (int i = 0; i < trace.n_steps; i++)
		if (trace.steps[i].kind == kind && n-- == 0)
			return &trace.steps[i];
	return NULL;
}
