/*
 * persons.c — counting persons: what each bears in the whole time, by the category of the last bill; the share of the income; who
 * wins and who loses against the baseline. Quantiles are amounts of persons (nearest rank), so all of them are kept until the end.
 */
#include "postgres.h"

#include "catalog/pg_operator_d.h"
#include "catalog/pg_type_d.h"
#include "simulate/bytes.h"
#include "simulate/simulate.h"

#define FIRST_BURDENS 64
#define MIN_BURDENS 8192		/* of one scenario are always kept in memory */
#define YUAN(x) (INT64CONST(x) * FEN_PER_YUAN)

/* band k of changes: above change_edge_fen[k - 1], up to change_edge_fen[k] */
const int64 change_edge_fen[CHANGE_BANDS / 2] = {0, YUAN(100), YUAN(500), YUAN(1000), YUAN(5000), YUAN(10000), YUAN(50000)};

Persons *
NewPersons(MemoryContext memory, const Study *study)
{
	Persons    *persons = MemoryContextAllocZero(memory, sizeof(Persons));

	persons->memory = memory;
	persons->study = study;
	persons->budget = Max(study->budget / 2 / study->n_scenarios, MIN_BURDENS * sizeof(int64));
	DictionaryInit(&persons->groups, memory);
	persons->by_scenario = MemoryContextAllocZero(memory, study->n_scenarios * sizeof(PersonGroup *));
	persons->all = MemoryContextAllocZero(memory, study->n_scenarios * sizeof(PersonGroup));
	persons->burdens = MemoryContextAllocZero(memory, study->n_scenarios * sizeof(Burdens));
	return persons;
}

/* ---- groups ---- */

/* Room for one more group under every scenario */
static void
GrowGroups(Persons *persons)
{
	int			more = Max(8, 2 * persons->max_groups);

	for (int s = 0; s < persons->study->n_scenarios; s++)
	{
		PersonGroup *groups = MemoryContextAllocExtended(persons->memory, more * sizeof(PersonGroup),
														 MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

		if (persons->by_scenario[s] != NULL)
		{
			memcpy(groups, persons->by_scenario[s], persons->max_groups * sizeof(PersonGroup));
			pfree(persons->by_scenario[s]);
		}
		persons->by_scenario[s] = groups;
	}
	persons->max_groups = more;
}

/* The group of a category; groups beyond the limit are one */
static int
GroupOf(Persons *persons, uint32 category)
{
	uint64		hash = Mix(category);
	uint32		group = DictionaryFind(&persons->groups, hash, (const char *) &category, sizeof(category));
	uint32		others = OTHERS;

	if (likely(group != NOT_FOUND))
		return (int) group;
	if (persons->groups.n >= MAX_GROUPS - 1)
		group = DictionaryNumber(&persons->groups, Mix(others), (const char *) &others, sizeof(others), NULL);
	else
		group = DictionaryNumber(&persons->groups, hash, (const char *) &category, sizeof(category), NULL);
	if (group >= persons->max_groups)
		GrowGroups(persons);
	return (int) group;
}

/* ---- amounts of persons ---- */

/* A sort of the server's own, which knows how to use files; it can be read twice */
static Tuplesortstate *
NewSort(const Persons *persons)
{
	MemoryContext old = MemoryContextSwitchTo(persons->memory);
	int			kilobytes = (int) Min(Max(persons->budget / 1024, 64), MAX_KILOBYTES);
	Tuplesortstate *sort = tuplesort_begin_datum(INT8OID, Int8LessOperator, InvalidOid, false, kilobytes, NULL,
												 TUPLESORT_RANDOMACCESS);

	MemoryContextSwitchTo(old);
	return sort;
}

/* Too many to keep: the sort takes over */
static void
StartSort(Persons *persons, Burdens *burdens)
{
	burdens->sort = NewSort(persons);
	for (int64 i = 0; i < burdens->n; i++)
		tuplesort_putdatum(burdens->sort, Int64GetDatum(burdens->keys[i]), false);
	pfree(burdens->keys);
	burdens->keys = NULL;
}

static void
GrowBurdens(Persons *persons, Burdens *burdens)
{
	burdens->capacity = Max(FIRST_BURDENS, 2 * burdens->capacity);
	burdens->keys = burdens->keys == NULL ?
		MemoryContextAlloc(persons->memory, burdens->capacity * sizeof(int64)) :
		repalloc_huge(burdens->keys, burdens->capacity * sizeof(int64));
}

static inline void
KeepBurden(Persons *persons, Burdens *burdens, int64 key)
{
	if (burdens->sort == NULL && burdens->n == burdens->capacity)
	{
		if (burdens->n * 2 * sizeof(int64) > persons->budget)
			StartSort(persons, burdens);
		else
			GrowBurdens(persons, burdens);
	}
	if (burdens->sort != NULL)
		tuplesort_putdatum(burdens->sort, Int64GetDatum(key), false);
	else
		burdens->keys[burdens->n] = key;
	burdens->n++;
}

/* ---- one person ---- */

/* The least whole percentage of the income that the burden does not exceed; 101: more than 100 */
static int
IncomeStep(int64 burden_fen, int64 income)
{
	if (burden_fen <= 0)
		return 0;
	if (burden_fen > income)
		return INCOME_STEPS - 1;
	return (int) ((burden_fen * 100 + income - 1) / income);
}

/* The band of a change: below the middle who bears less, above it who bears more */
static int
ChangeBand(int64 change_fen)
{
	int64		size = change_fen < 0 ? -change_fen : change_fen;
	int			k = 0;

	while (k < CHANGE_BANDS / 2 && size > change_edge_fen[k])
		k++;
	return CHANGE_BANDS / 2 + (change_fen < 0 ? -k : k);
}

static void
CountInGroup(PersonGroup *group, const FoldedPerson *person, int64 burden_fen, int64 change_fen)
{
	Change	   *change = &group->changes[ChangeBand(change_fen)];

	group->burden.persons++;
	group->burden.sum_fen += burden_fen;
	change->persons++;
	change->sum_fen += change_fen;
	if (person->income == NO_AMOUNT)
		return;
	group->with_income++;
	group->above_income[IncomeStep(burden_fen, person->income)]++;
}

void
CountPerson(Persons *persons, const FoldedPerson *person)
{
	int			group = GroupOf(persons, person->category);

	for (int s = 0; s < persons->study->n_scenarios; s++)
	{
		int64		burden = person->burden_fen[s];

		if (burden < 0 || burden > MAX_FEN)
			elog(ERROR, "a person bears %lld fen", (long long) burden);
		CountInGroup(&persons->by_scenario[s][group], person, burden, burden - person->burden_fen[0]);
		KeepBurden(persons, &persons->burdens[s], (int64) group << BURDEN_BITS | burden);
	}
}

/* ---- quantiles ---- */

/* In thousandths: 0, 10, … 990, 995, 999, 1000 */
int
QuantileMilli(int quantile)
{
	static const int tail[] = {995, 999, 1000};

	return quantile < 100 ? quantile * 10 : tail[quantile - 100];
}

/* The rank, from 0, of a quantile among n > 0 persons: the least share of them that is at least so large */
static int64
QuantileRank(int quantile, int64 n)
{
	int64		rank = (QuantileMilli(quantile) * n + 999) / 1000;

	return Max(rank, 1) - 1;
}

#define DIGIT_BITS 8
#define DIGITS (64 / DIGIT_BITS)
#define DIGIT_VALUES (1 << DIGIT_BITS)

static inline int
DigitOf(uint64 key, int digit)
{
	return (int) (key >> (digit * DIGIT_BITS) & (DIGIT_VALUES - 1));
}

/* Bits in which the keys are not all alike */
static uint64
DifferingBits(const int64 *keys, int64 n)
{
	uint64		bits = 0;

	for (int64 i = 1; i < n; i++)
		bits |= (uint64) (keys[i] ^ keys[0]);
	return bits;
}

/* Where the keys of each value of these digits begin, in one pass over the keys */
static void
FindStarts(const int64 *keys, int64 n, uint64 mask, const int *digit, int n_digits, int64 start[DIGITS][DIGIT_VALUES])
{
	memset(start, 0, sizeof(int64) * DIGITS * DIGIT_VALUES);
	for (int64 i = 0; i < n; i++)
		for (int k = 0; k < n_digits; k++)
			start[k][DigitOf(keys[i] & mask, digit[k])]++;
	for (int k = 0; k < n_digits; k++)
	{
		int64		next = 0;

		for (int value = 0; value < DIGIT_VALUES; value++)
		{
			int64		count = start[k][value];

			start[k][value] = next;
			next += count;
		}
	}
}

/* Sort by the bits of the mask, digit by digit, the lowest first; keys that agree in them stay in their order */
static void
SortKeys(int64 *keys, int64 n, uint64 mask)
{
	uint64		differing = DifferingBits(keys, n) & mask;
	int64		start[DIGITS][DIGIT_VALUES];
	int			digit[DIGITS];
	int			n_digits = 0;
	int64	   *from = keys;
	int64	   *to;
	int64	   *other;

	for (int d = 0; d < DIGITS; d++)
		if (DigitOf(differing, d) != 0)
			digit[n_digits++] = d;
	if (n_digits == 0)
		return;
	other = to = palloc_extended(n * sizeof(int64), MCXT_ALLOC_HUGE);
	FindStarts(keys, n, mask, digit, n_digits, start);
	for (int k = 0; k < n_digits; k++)
	{
		int64	   *swap = from;

		CHECK_FOR_INTERRUPTS();
		for (int64 i = 0; i < n; i++)
			to[start[k][DigitOf(from[i] & mask, digit[k])]++] = from[i];
		from = to;
		to = swap;
	}
	if (from != keys)
		memcpy(keys, from, n * sizeof(int64));
	pfree(other);
}

/* The quantiles of amounts that come in ascending order */
typedef struct Ladder
{
	Distribution *distribution;
	int64		seen;
	int			next;			/* quantile */
} Ladder;

static inline void
Climb(Ladder *ladder, int64 burden_fen)
{
	int64		n = ladder->distribution->persons;

	while (ladder->next < QUANTILES && QuantileRank(ladder->next, n) == ladder->seen)
		ladder->distribution->quantile_fen[ladder->next++] = burden_fen;
	ladder->seen++;
}

/* The next key in order; false after the last */
static inline bool
NextKey(Burdens *burdens, int64 i, int64 *key)
{
	Datum		value;
	bool		isnull;

	if (i >= burdens->n)
		return false;
	if (burdens->sort == NULL)
	{
		*key = burdens->keys[i];
		return true;
	}
	if (!SortedDatum(burdens->sort, &value, &isnull))
		elog(ERROR, "the sort of the simulation ended early");
	*key = DatumGetInt64(value);
	return true;
}

/* One pass over the keys in order; with groups: one ladder after the other, else one over everything */
static void
ClimbAll(Persons *persons, int scenario, int64 mask, bool by_group)
{
	Burdens    *burdens = &persons->burdens[scenario];
	Ladder		ladder = {&persons->all[scenario].burden, 0, 0};
	int64		group = -1;
	int64		key;

	for (int64 i = 0; NextKey(burdens, i, &key); i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (by_group && key >> BURDEN_BITS != group)
		{
			group = key >> BURDEN_BITS;
			ladder = (Ladder) {&persons->by_scenario[scenario][group].burden, 0, 0};
		}
		Climb(&ladder, key & mask);
	}
}

#define BURDEN_MASK ((INT64CONST(1) << BURDEN_BITS) - 1)

/* Keys in memory: by amount for all persons; then by group, in which they stay in the order of the amounts */
static void
ClimbKept(Persons *persons, int scenario)
{
	Burdens    *burdens = &persons->burdens[scenario];

	SortKeys(burdens->keys, burdens->n, BURDEN_MASK);
	ClimbAll(persons, scenario, BURDEN_MASK, false);
	SortKeys(burdens->keys, burdens->n, ~(uint64) BURDEN_MASK);
	ClimbAll(persons, scenario, BURDEN_MASK, true);
	pfree(burdens->keys);
}

/* Keys in a sort of the server's: by group and amount; then the same amounts without their groups */
static void
ClimbSorted(Persons *persons, int scenario)
{
	Burdens    *burdens = &persons->burdens[scenario];
	Tuplesortstate *bare;
	int64		key;

	tuplesort_performsort(burdens->sort);
	ClimbAll(persons, scenario, BURDEN_MASK, true);
	tuplesort_rescan(burdens->sort);
	bare = NewSort(persons);
	for (int64 i = 0; NextKey(burdens, i, &key); i++)
		tuplesort_putdatum(bare, Int64GetDatum(key & BURDEN_MASK), false);
	tuplesort_end(burdens->sort);
	burdens->sort = bare;
	tuplesort_performsort(burdens->sort);
	ClimbAll(persons, scenario, BURDEN_MASK, false);
	tuplesort_end(burdens->sort);
}

/* All persons of a scenario are those of its groups; quantiles do not add up, they are found afterwards */
static void
SumGroups(Persons *persons, int scenario)
{
	PersonGroup *all = &persons->all[scenario];

	for (uint32 g = 0; g < persons->groups.n; g++)
	{
		const PersonGroup *group = &persons->by_scenario[scenario][g];

		all->burden.persons += group->burden.persons;
		all->burden.sum_fen += group->burden.sum_fen;
		all->with_income += group->with_income;
		for (int i = 0; i < INCOME_STEPS; i++)
			all->above_income[i] += group->above_income[i];
		for (int i = 0; i < CHANGE_BANDS; i++)
		{
			all->changes[i].persons += group->changes[i].persons;
			all->changes[i].sum_fen += group->changes[i].sum_fen;
		}
	}
}

void
FinishPersons(Persons *persons)
{
	for (int s = 0; s < persons->study->n_scenarios; s++)
	{
		SumGroups(persons, s);
		if (persons->burdens[s].sort != NULL)
			ClimbSorted(persons, s);
		else if (persons->burdens[s].keys != NULL)
			ClimbKept(persons, s);
	}
}
