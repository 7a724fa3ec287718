/*
 * test_properties.c — what must hold for any bills, on random years with a fixed seed. Some properties hold for every chain:
 * conservation, replay, checkpoint and resume; the first and the last are checked with every bill that fold_helpers.h settles.
 * Others hold for restricted chains only and are tested there: see the comments.
 */
#include <stdlib.h>

#include "fold_helpers.h"

#define PERSON_YEARS 80
#define MAX_BILLS 10

static uint64_t random_state;

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

/* ---- bills ---- */

typedef struct Costs
{
	int64_t		copay_fen;
	int64_t		excluded_fen;
	int			level;
	int			category;
} Costs;

static void
SettleCosts(Costs c)
{
	static const char *const categories[] = {"", "'poor'", "'low'"};
	char		members[256];

	snprintf(members, sizeof(members), "'in_scope':%lld.%02d,'excluded':%lld.%02d,'level':'%d','category':[%s]",
			 (long long) c.copay_fen / 100, (int) (c.copay_fen % 100), (long long) c.excluded_fen / 100,
			 (int) (c.excluded_fen % 100), c.level, categories[c.category]);
	CheckSettled(members, __FILE__, __LINE__);
}

/* Some yuan, some hundreds, some fen, or nothing */
static int64_t
DrawAmount(void)
{
	switch (Draw(8))
	{
		case 0:
			return 0;
		case 1:
			return Draw(10);
		case 2:
			return Draw(100) * 100;
		default:
			return Draw(60000);
	}
}

static int
DrawYear(Costs *year)
{
	int			n = 1 + (int) Draw(MAX_BILLS);

	for (int i = 0; i < n; i++)
		year[i] = (Costs) {DrawAmount(), DrawAmount(), 1 + (int) Draw(3), (int) Draw(3)};
	return n;
}

/* ---- what a year came to ---- */

typedef struct Year
{
	int64_t		total_fen;
	int64_t		patient_fen;
	int64_t		layer_fen[MAX_LAYERS];	/* payments + adjustments - recoverables */
	int64_t		paid_fen;		/* payments + adjustments of all layers */
} Year;

static Year
SettleYear(const Costs *costs, int n)
{
	Year		year = {0};

	NewPerson();
	for (int i = 0; i < n; i++)
	{
		SettleCosts(costs[i]);
		year.total_fen += split.total_fen;
		year.patient_fen += split.patient_fen;
		for (int l = 0; l < split.n_lines; l++)
		{
			const Line *line = &split.lines[l];

			year.layer_fen[l] += line->paid_fen + line->adjustment_fen - line->recoverable_fen;
			year.paid_fen += line->paid_fen + line->adjustment_fen;
		}
	}
	return year;
}

/* ---- chains ---- */

#define OTHER(name, base, rule) "{'name':'" name "','kind':'other','base':" base ",'rules':[{'name':'r'," rule "}]}"

/*
 * Restricted chains: year layers only, each with one rule, the same parameters on every bill and one common base (equal
 * weights), without threshold, whole-amount band, tier by cost, per-visit cap or ceiling, count limit, given amount or shared
 * cap group.
 */
static const char *const restricted[] = {
	"'layers':[" OTHER("a", "{'copay':1,'excluded':1}", "'settles':'year','deductible':{'amount':200},"
	"'bands':[{'to':500,'ratio':0.333333},{'ratio':0.654321}]") "]",
	"'layers':[" OTHER("a", "{'copay':1,'excluded':1}", "'settles':'year','deductible':{'amount':150},'ratio':0.6,"
	"'caps':[{'limit':300}]") ","
	OTHER("b", "{'copay':1,'excluded':1}", "'settles':'year','deductible':{'amount':50},"
		"'bands':[{'to':99.99,'ratio':0.5},{'ratio':0.7}],'caps':[{'limit':400}]") "]",
	"'layers':[" OTHER("a", "{'copay':1,'excluded':1}", "'settles':'year','accrual':'true_up','ratio':0.2") ","
	OTHER("b", "{'copay':1,'excluded':1}", "'settles':'year','deductible':{'amount':77.77},'edges':'above',"
		"'bands':[{'to':100,'ratio':0.1},{'ratio':0.9}]") ","
	OTHER("c", "{'copay':1,'excluded':1}", "'settles':'year','deductible':{'amount':500},'ratio':1") "]"
};

#define RESTRICTED ((int) (sizeof(restricted) / sizeof(restricted[0])))

/* Any chain: whatever the language has */
static const char *const any[] = {
	"'layers':[{'name':'b','kind':'basic','modifiers':[{'when':{'level':['2']},'target':'ratio','multiply':0.7,"
	"'penalty':true}],'rules':["
	"{'name':'r','enter':0.9,'deductible':{'amount':30,'counter':'d'},'ratio':0.55,"
	"'caps':[{'limit':90,'per':'visit'},{'limit':500}]}]},"
	"{'name':'k','kind':'critical','base':{'deductible':1,'copay':1,'over_cap':1,'penalty':0.5},"
	"'rules':[{'name':'r','settles':'year','deductible':{'amount':100},'ratio':0.6}]},"
	"{'name':'m','kind':'assistance','base':{'deductible':1,'copay':1,'over_cap':1},"
	"'rules':[{'name':'p','when':{'category':['poor']},'settles':'year',"
	"'cumulative_from':{'crossing':'k'},'ratio':0.8,'caps':[{'limit':200}]},"
	"{'name':'r','settles':'year','cumulative_from':{'crossing':'k'},'deductible':{'amount':40},'ratio':0.4}]}]",
	"'layers':[" OTHER("a", "{'copay':1}", "'settles':'year','deductible':{'amount':150,'kind':'threshold'},'ratio':0.8") ","
	OTHER("b", "{'copay':1,'excluded':0.5}", "'settles':'year','accrual':'true_up','enter':0.333,'ratio':0.9,"
		"'rounding':{'unit':'yuan','mode':'up'},"
		  "'modifiers':[{'when':{'level':['1']},'target':'ratio','multiply':0.3}]") ","
	OTHER("c", "{'of':'total'}", "'settles':'year','drop_paid_bills':true,'ratio':0.1,'times':{'limit':4}") "]"
};

#define ANY ((int) (sizeof(any) / sizeof(any[0])))

/* ---- for every chain ---- */

/* Per period the layers and their adjustments never get more than the bills had */
static void
TestConservation(void)
{
	Costs		costs[MAX_BILLS];

	for (int c = 0; c < ANY + RESTRICTED; c++)
	{
		PAGE(c < ANY ? any[c] : restricted[c - ANY]);
		for (int i = 0; i < PERSON_YEARS; i++)
		{
			Year		year = SettleYear(costs, DrawYear(costs));

			CHECK(year.paid_fen <= year.total_fen);
		}
	}
}

/* Replay changes nothing: the same bills, the same account and the same amounts */
static void
TestReplay(void)
{
	static char first[1024 * 1024];
	Costs		costs[MAX_BILLS];

	for (int c = 0; c < ANY; c++)
	{
		PAGE(any[c]);
		for (int i = 0; i < PERSON_YEARS / 3; i++)
		{
			int			n = DrawYear(costs);
			Year		year = SettleYear(costs, n);
			Year		again;

			snprintf(first, sizeof(first), "%s", AccountText());
			again = SettleYear(costs, n);
			CHECK(memcmp(&year, &again, sizeof(year)) == 0);
			CHECK_TEXT(AccountText(), first);
		}
	}
}

/* ---- for restricted chains ---- */

/* What one bill of the whole year's costs would come to */
static Year
AsOneBill(const Costs *costs, int n)
{
	Costs		sum = {0, 0, 1, 0};

	for (int i = 0; i < n; i++)
	{
		sum.copay_fen += costs[i].copay_fen;
		sum.excluded_fen += costs[i].excluded_fen;
	}
	return SettleYear(&sum, 1);
}

/* A layer's sum over the bills is the entitlement of the year, however the cost is split into bills */
static void
TestSplitting(void)
{
	Costs		costs[MAX_BILLS];

	for (int c = 0; c < RESTRICTED; c++)
	{
		PAGE(restricted[c]);
		for (int i = 0; i < PERSON_YEARS; i++)
		{
			int			n = DrawYear(costs);
			Year		parts = SettleYear(costs, n);
			Year		whole = AsOneBill(costs, n);

			CHECK(memcmp(parts.layer_fen, whole.layer_fen, sizeof(parts.layer_fen)) == 0);
			CHECK_INT(parts.patient_fen, whole.patient_fen);
		}
	}
}

/* … nor does the order of the bills matter */
static void
TestOrder(void)
{
	Costs		costs[MAX_BILLS];

	for (int c = 0; c < RESTRICTED; c++)
	{
		PAGE(restricted[c]);
		for (int i = 0; i < PERSON_YEARS; i++)
		{
			int			n = DrawYear(costs);
			Year		before = SettleYear(costs, n);

			for (int k = n - 1; k > 0; k--)
			{
				int			other = (int) Draw(k + 1);
				Costs		swapped = costs[k];

				costs[k] = costs[other];
				costs[other] = swapped;
			}
			CHECK(memcmp(before.layer_fen, SettleYear(costs, n).layer_fen, sizeof(before.layer_fen)) == 0);
		}
	}
}

/* … and when a cost rises, the patient's burden of the year never falls */
static void
TestBurden(void)
{
	Costs		costs[MAX_BILLS];

	for (int c = 0; c < RESTRICTED; c++)
	{
		PAGE(restricted[c]);
		for (int i = 0; i < PERSON_YEARS; i++)
		{
			int			n = DrawYear(costs);
			int64_t		before = SettleYear(costs, n).patient_fen;
			int64_t		more = Draw(4) == 0 ? 1 : Draw(20000);

			costs[Draw(n)].copay_fen += more;
			CHECK(SettleYear(costs, n).patient_fen >= before);
		}
	}
}

/* ---- constant terms ---- */

/*
 * E(x) of the first restricted chain, worked out here: 0.333333 of what lies between 200 and 500, 0.654321 of what lies above,
 * half up
 */
static int64_t
EntitlementOfFirst(int64_t x_fen)
{
	int64_t		low = (x_fen < 50000 ? x_fen : 50000) - 20000;
	int64_t		high = x_fen - 50000;

	return ((low > 0 ? low * 333333 : 0) + (high > 0 ? high * 654321 : 0) + 500000) / 1000000;
}

/* A layer's sum over the bills equals the year's entitlement */
static void
TestEntitlement(void)
{
	Costs		costs[MAX_BILLS];

	PAGE(restricted[0]);
	for (int i = 0; i < 2 * PERSON_YEARS; i++)
	{
		int			n = DrawYear(costs);
		Year		year = SettleYear(costs, n);

		CHECK_INT(year.layer_fen[0], EntitlementOfFirst(year.total_fen));
	}
}

/* Under constant terms slice and true_up are the same, and both sum up to the entitlement */
static void
TestSliceAndTrueUp(void)
{
#define TERMS "'deductible':{'amount':123.45},'bands':[{'to':300,'ratio':0.123456},{'to':700,'ratio':0.5},{'ratio':0.999999}]," \
	"'enter':0.777"
	Costs		costs[MAX_BILLS];
	Year		slice;
	Year		true_up;

	for (int i = 0; i < PERSON_YEARS; i++)
	{
		int			n = DrawYear(costs);

		PAGE("'layers':[" OTHER("a", "{'copay':1,'excluded':0.5}", "'settles':'year'," TERMS) "]");
		slice = SettleYear(costs, n);
		PAGE("'layers':[" OTHER("a", "{'copay':1,'excluded':0.5}", "'settles':'year','accrual':'true_up'," TERMS) "]");
		true_up = SettleYear(costs, n);
		CHECK_INT(slice.layer_fen[0], true_up.layer_fen[0]);
	}
}

int
main(void)
{
	random_state = 20251122;
	TestConservation();
	TestReplay();
	TestSplitting();
	TestOrder();
	TestBurden();
	TestEntitlement();
	TestSliceAndTrueUp();
	return CheckEnd();
}
