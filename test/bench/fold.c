/*
 * fold.c — speed of the fold in memory: fold BOOK.json [bills]. The book is src/packs/beijing-residents.json, all of its layers
 * active: commercial insurance and tilt assistance are given on the bills of the seriously ill. Person-years are distributed
 * as in generate.sql. Prints one line per figure, as described in run.sh. Timed are SettleStep and FoldPerson, and filling in the
 * bill; fold_alike is the same with SettleAlike, as bills that are stored and bills of a simulation are settled.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "settle.h"

#define RUNS 5
#define FILL_RUNS 100
#define GIVEN 2					/* layers whose amounts are given, in the order of the chain */
#define DAY_MICROSECONDS INT64_C(86400000000)
#define YEAR_START 9132			/* 2025-01-01 */

/* what differs between bills */
typedef struct Record
{
	int64_t		in_scope_fen;
	int64_t		excluded_fen;
	int64_t		first_share_fen;
	int32_t		day;
	uint8_t		first;			/* of its person */
	uint8_t		level;
	uint8_t		inpatient;
	uint8_t		category;		/* index into categories, 0: known to be none */
	uint8_t		given;
} Record;

#define CATEGORIES 4
#define LEVELS 3

/* the codes as a table of bills has them: with their lengths */
static const Code categories[CATEGORIES] = {{"", 0}, {"低保", 6}, {"特困", 6}, {"低收入", 9}};
static const Code levels[LEVELS] = {{"1", 1}, {"2", 1}, {"3", 1}};
static const Code care_types[2] = {{"11", 2}, {"21", 2}};

static uint64_t random_state = 20251122;

/* splitmix64, reduced to 0 .. n - 1 */
static int64_t
Draw(int64_t n)
{
	uint64_t	z = (random_state += UINT64_C(0x9E3779B97F4A7C15));

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	z ^= z >> 31;
	return (int64_t) (z % (uint64_t) n);
}

static int
DrawBills(void)
{
	static const struct
	{
		int			below;
		int			bills;
	}			table[] = {{150, 1}, {370, 2}, {590, 3}, {810, 4}, {930, 5}, {975, 8}, {1000, 12}};
	int			draw = (int) Draw(1000);
	int			i = 0;

	while (draw >= table[i].below)
		i++;
	return table[i].bills;
}

static int
CompareDays(const void *a, const void *b)
{
	const Record *x = a;
	const Record *y = b;

	return x->day < y->day ? -1 : x->day > y->day;
}

/* One person's year, in order; returns how many bills were written. */
static int
MakePerson(Record *record, int room)
{
	int			n = DrawBills();
	int			serious = Draw(1000) < 230;
	int			draw = (int) Draw(1000);
	int			category = draw < 180 ? 1 : draw < 250 ? 2 : draw < 340 ? 3 : 0;
	int64_t		year_fen = serious ? 12000000 + Draw(30000000) : 30000 + Draw(1440) * Draw(1440);

	if (n > room)
		n = room;
	for (int i = 0; i < n; i++)
	{
		int64_t		in_scope_fen = year_fen / n * (50 + Draw(101)) / 100;

		record[i] = (Record) {
			.in_scope_fen = in_scope_fen,
			.excluded_fen = in_scope_fen * Draw(80) / 1000,
			.first_share_fen = in_scope_fen * Draw(100) / 1000,
			.day = YEAR_START + (int32_t) Draw(365),
			.level = (uint8_t) Draw(LEVELS),
			.inpatient = serious || Draw(2) == 0,
			.category = (uint8_t) category,
			.given = (uint8_t) serious
		};
	}
	qsort(record, (size_t) n, sizeof(Record), CompareDays);
	record[0].first = 1;
	return n;
}

static Code
MakeCode(const char *text)
{
	return (Code) {.text = text, .length = (uint8_t) strlen(text)};
}

/* What is the same on all bills. */
static void
PrepareBill(Bill *bill)
{
	BillInit(bill);
	bill->region = MakeCode("110000");
	bill->scheme = MakeCode("resident");
	bill->single[CODE_REFERRAL] = MakeCode("规范");
	bill->single[CODE_PERSON_TYPE] = MakeCode("劳动年龄居民");
	bill->list_known[CODE_CATEGORY - CODE_SINGLE] = true;
	bill->given[0] = (Given) {.layer = MakeCode("商业保险"), .amount_fen = 10000};
	bill->given[1] = (Given) {.layer = MakeCode("倾斜救助"), .amount_fen = 0};
}

static void
FillBill(Bill *bill, const Record *record, int64_t seq, uint8_t n_given)
{
	bill->ordered_at = record->day * DAY_MICROSECONDS;
	bill->seq = seq;
	bill->column_fen[COLUMN_IN_SCOPE] = record->in_scope_fen;
	bill->column_fen[COLUMN_EXCLUDED] = record->excluded_fen;
	bill->column_fen[COLUMN_FIRST_SHARE] = record->first_share_fen;
	bill->column_fen[COLUMN_TOTAL] = record->in_scope_fen + record->excluded_fen + record->first_share_fen;
	bill->single[CODE_LEVEL] = levels[record->level];
	bill->single[CODE_CARE_TYPE] = care_types[record->inpatient];
	bill->n_list[CODE_CATEGORY - CODE_SINGLE] = record->category != 0;
	bill->list[CODE_CATEGORY - CODE_SINGLE][0] = categories[record->category];
	/* commercial insurance pays a part of what is excluded, so that its amount is there whatever the earlier layers leave */
	bill->n_given = record->given && record->excluded_fen >= 10000 ? n_given : 0;
}

#define KINDS (CATEGORIES * LEVELS * 2)

/* Bills with the same number have the same codes */
static int
KindOf(const Record *record)
{
	return (record->category * LEVELS + record->level) * 2 + record->inpatient;
}

/* How many of the given layers are in the chain? */
static uint8_t
CountGiven(const Page *page, const Bill *bill)
{
	uint8_t		n = 0;

	for (int i = 0; i < page->n_layers; i++)
	{
		const Code *name = &page->layers[i].name;

		for (int k = 0; k < GIVEN; k++)
			n += name->length == bill->given[k].layer.length && memcmp(name->text, bill->given[k].layer.text, name->length) == 0;
	}
	return n;
}

static double
Now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double) t.tv_sec * 1e9 + (double) t.tv_nsec;
}

static void
Stop(const char *what, const Fault *fault)
{
	fprintf(stderr, "%s: status %d at %s: %s; expected %s\n", what, (int) fault->status, fault->path, fault->found,
			fault->expected);
	exit(1);
}

/*
 * Fold all records once; returns nanoseconds. *checksum keeps the compiler from leaving anything out; *paid_lines is counted when
 * it is not NULL. hints: one for each combination of codes, or NULL.
 */
static double
FoldAll(Fold *fold, const Record *records, int n, PlanHint *hints, int64_t *checksum, int64_t *paid_lines)
{
	Bill		bill;
	Split		split;
	Fault		fault = {0};
	uint8_t		n_given;
	double		start = Now();

	PrepareBill(&bill);
	n_given = CountGiven(&fold->book->pages[0], &bill);
	for (int i = 0; i < n; i++)
	{
		if (records[i].first)
			FoldPerson(fold);
		FillBill(&bill, &records[i], i, n_given);
		if ((hints == NULL ? SettleStep(fold, &bill, &split, NULL, &fault) :
			 SettleAlike(fold, &bill, &hints[KindOf(&records[i])], &split, &fault)) != ST_OK)
			Stop("settle", &fault);
		*checksum += split.patient_fen;
		for (int layer = 0; paid_lines != NULL && layer < split.n_lines; layer++)
			*paid_lines += split.lines[layer].paid_fen > 0;
	}
	return Now() - start;
}

/* The same bills, made and not settled: what the loop of FoldAll takes without the fold */
static double
FillAll(Fold *fold, const Record *records, int n, int64_t *checksum)
{
	Bill		bill;
	uint8_t		n_given;
	double		start = Now();

	PrepareBill(&bill);
	n_given = CountGiven(&fold->book->pages[0], &bill);
	for (int i = 0; i < n; i++)
	{
		FillBill(&bill, &records[i], i, n_given);
		__asm__ volatile ("" : : "r" (&bill) : "memory");	/* the bill has to stand there */
		*checksum += bill.column_fen[COLUMN_TOTAL];
	}
	return Now() - start;
}

static int
CompareDoubles(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return x < y ? -1 : x > y;
}

/* Least of RUNS nanoseconds per bill, after a warm run: what other programs on the machine do only adds. */
static double
LeastPerBill(Fold *fold, const Record *records, int n, PlanHint *hints, double *paid_per_bill)
{
	double		runs[RUNS];
	int64_t		checksum = 0;
	int64_t		again = 0;
	int64_t		paid_lines = 0;

	FoldAll(fold, records, n, hints, &checksum, &paid_lines);
	*paid_per_bill = (double) paid_lines / n;
	for (int i = 0; i < RUNS; i++)
		runs[i] = FoldAll(fold, records, n, hints, &again, NULL) / n;
	if (again != RUNS * checksum)
	{
		fprintf(stderr, "two folds of the same bills differ\n");
		exit(1);
	}
	qsort(runs, RUNS, sizeof(double), CompareDoubles);
	return runs[0];
}

/* The same for making the bills, which takes so little that one disturbance could hit a few runs in a row */
static double
LeastFill(Fold *fold, const Record *records, int n)
{
	double		runs[FILL_RUNS];
	int64_t		checksum = 0;

	for (int i = 0; i < FILL_RUNS; i++)
		runs[i] = FillAll(fold, records, n, &checksum) / n;
	qsort(runs, FILL_RUNS, sizeof(double), CompareDoubles);
	if (checksum == 0)
		exit(1);
	return runs[0];
}

static char *
ReadFile(const char *path, int *length)
{
	FILE	   *file = fopen(path, "rb");
	char	   *text = malloc(MAX_JSON_BYTES + 1);

	if (file == NULL || text == NULL)
	{
		fprintf(stderr, "cannot read %s\n", path);
		exit(1);
	}
	*length = (int) fread(text, 1, MAX_JSON_BYTES + 1, file);
	fclose(file);
	return text;
}

int
main(int argc, char **argv)
{
	int			n = argc > 2 ? atoi(argv[2]) : 1000000;
	int			length;
	char	   *text;
	char	   *arena;
	Record	   *records = malloc((size_t) n * sizeof(Record));
	Fold	   *fold = malloc(sizeof(Fold));
	Book		book;
	Fault		fault = {0};
	Page	   *page;
	int			layers;
	double		before = 0;
	double		paid_before = 0;
	double		alike;
	double		fill;
	static PlanHint hints[KINDS];

	if (argc < 2 || n < 1)
	{
		fprintf(stderr, "usage: fold BOOK.json [bills]\n");
		return 2;
	}
	text = ReadFile(argv[1], &length);
	arena = malloc((size_t) ArenaNeeded(length));
	if (arena == NULL || fold == NULL || records == NULL)
		return 1;
	if (CompileBook(text, length, arena, ArenaNeeded(length), &book, &fault) != ST_OK)
		Stop(argv[1], &fault);
	for (int i = 0; i < n;)
		i += MakePerson(&records[i], n - i);

	/* the page stands in our arena: cut the chain to see what each further layer costs */
	page = (Page *) &book.pages[0];
	layers = page->n_layers;
	for (int k = 1; k <= layers; k++)
	{
		double		per_bill;
		double		paid;

		page->n_layers = (uint8_t) k;
		FoldOpen(fold, &book);
		per_bill = LeastPerBill(fold, records, n, NULL, &paid);
		printf("fold_layer_%d_%.*s\t%.1f\tns/bill\t\t\n", k, (int) page->layers[k - 1].name.length,
			   page->layers[k - 1].name.text, per_bill - before);
		printf("fold_layer_%d_pays\t%.2f\tshare of bills\t\t\n", k, paid - paid_before);
		before = per_bill;
		paid_before = paid;
	}
	fill = LeastFill(fold, records, n);
	printf("fold_with_making_bills\t%.1f\tns/bill\t150\t%.2f\n", before, before / 150);
	printf("fold_making_bills\t%.1f\tns/bill\t\t\n", fill);
	before -= fill;
	printf("fold_in_memory\t%.1f\tns/bill\t150\t%.2f\n", before, before / 150);
	printf("fold_per_layer\t%.1f\tns/layer\t\t\n", before / layers);
	alike = LeastPerBill(fold, records, n, hints, &paid_before) - fill;
	printf("fold_alike\t%.1f\tns/bill\t%.1f\t%.2f\n", alike, before, alike / before);
	free(records);
	free(fold);
	free(arena);
	free(text);
	return 0;
}
