/*
 * fuzz_fold.c — a stream of bytes chooses bills and events of one person under a book of eight pages, one for each corner of the
 * language; the scheme of the bill chooses the page, so accounts go on under other terms. Every bill is settled twice: on one
 * fold, and with a trace on one that is resumed now and then from the account's JSON form. Whatever the bills are: both agree,
 * a bill adds up, no amount is negative, nothing is paid twice, and the account reads back as it was written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settle.h"

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition) do { if (!(condition)) abort(); } while (0)
#define MAX_BILLS 24

/* ---- the book; ' stands for " ---- */

#define PAGE(scheme, members) "{'title':'p','region':'R','scheme':'" scheme "','from':'2020-01-01'," \
	"'sources':{'s':{'document':'d'}},'cite':{'source':'s'}," \
	"'codes':{'care_type':{'11':'a','21':'b','2101':'c'},'level':{'1':'a','2':'b','3':'c'},'referral':{'yes':'a','no':'b'}," \
	"'category':{'poor':'a','low':'b'}}," members "}"
#define RULE(name, members) "{'name':'" name "'," members "}"
#define LAYER(name, kind, members, rules) "{'name':'" name "','kind':'" kind "'," members "'rules':[" rules "]}"
#define COPAY "'base':{'copay':1},"
#define BURDEN "'base':{'deductible':1,'copay':1,'over_cap':1,'penalty':0},"

/*
 * a: a usual chain of the year, b: basic with everything, c: adjustments, d: crossing and events, e: what is shared, f: bases,
 * g: roundings, h: visits
 */
static const char *const book_text = "{'format':1,'engine':1,'pages':["
PAGE("a", "'layers':["
	 LAYER("b", "basic", "", RULE("r", "'deductible':{'amount':5},'bands':[{'to':50,'ratio':0.5},{'ratio':0.7}],"
		"'caps':[{'limit':300}]")) ","
	 LAYER("k", "critical", BURDEN, RULE("r", "'settles':'year','deductible':{'amount':60},"
		"'bands':[{'to':100,'ratio':0.6},{'ratio':0.65}]")) ","
	 LAYER("m", "assistance", BURDEN, RULE("poor", "'when':{'category':['poor']},'settles':'year','ratio':0.9,"
		"'caps':[{'limit':200}]") ","
		   RULE("r", "'settles':'year','deductible':{'amount':20},'ratio':0.333333,'caps':[{'limit':100}]")) "]") ","
PAGE("b", "'counts':{'stays':{'when':{'care_type':['21']}}},'layers':["
	 LAYER("s", "supplementary", "'base':{'in_scope':1},", RULE("r", "'when':{'category':['low']},'ratio':0.1")) ","
	 LAYER("b", "basic", "'modifiers':[{'when':{'referral':['no']},'target':'ratio','multiply':0.8,'penalty':true}],",
		   RULE("x", "'when':{'level':['1']},'enter':0.85,'deductible':{'amount':30,"
			"'schedule':{'count':'stays','factors':[1,0.5],'step':1,'floor':3}},'ratio':0.777777,"
			"'caps':[{'limit':40,'per':'visit'},{'limit':90,'group':'g'}]") ","
		   RULE("y", "'when':{'level':['2']},'settles':'year','deductible':{'amount':30,'counter':'c'},"
			"'bands':[{'to':20,'ratio':0.2},{'ratio':0.9}],'caps':[{'limit':33,'per':'visit'}]") ","
		   RULE("z", "'deductible':{'amount':9,'sum_cap':{'limit':20,'counter':'sum'}},'banding':'whole_amount',"
			"'edges':'above','bands':[{'to':10,'ratio':0.5},{'to':30,'amount':12},{'ratio':0.9}],"
			"'caps':[{'limit':70,'per':'visit','on':'base'},{'limit':25,'per':'visit'}]")) ","
	 LAYER("k", "critical", "'base':{'deductible':0.5,'copay':1,'over_cap':1,'penalty':1,'away_share':0.333},", RULE("r",
		"'settles':'year','deductible':{'amount':10},'ratio':0.5")) "]") ","
PAGE("c", "'layers':["
	 LAYER("b", "basic", "'set_off':true,", RULE("x", "'when':{'level':['1']},'settles':'year','accrual':'true_up',"
		"'ratio':0.4,'caps':[{'limit':30,'per':'visit'}]") ","
		   RULE("y", "'settles':'year','accrual':'true_up','ratio':0.9")) ","
	 LAYER("t", "other", COPAY, RULE("x", "'when':{'category':['poor']},'settles':'year','drop_paid_bills':true,"
		"'deductible':{'amount':50,'kind':'threshold'},'ratio':0.8") ","
		   RULE("y", "'settles':'year','deductible':{'amount':40,'kind':'threshold','closed':'upper'},"
			"'banding':'whole_amount','bands':[{'to':99.99,'ratio':0.5},{'ratio':0.75}],'caps':[{'limit':150}]")) ","
	 LAYER("u", "other", "'set_off':true,'base':{'copay':0.5,'over_cap':1,'excluded':1},", RULE("x",
		"'when':{'referral':['yes']},'settles':'year','enter':0.333,'accrual':'true_up','ratio':0.95,"
		"'rounding':{'unit':'yuan','mode':'up'}") ","
		   RULE("y", "'settles':'year','accrual':'true_up','ratio':0.3")) ","
	 LAYER("v", "other", "'base':{'copay':1,'over_cap':1,'first_share':1,'excluded':1},", RULE("r",
		"'settles':'year','enter':0.5,'deductible':{'amount':15},'ratio':0.6")) "]") ","
PAGE("d", "'counters':{'k':{'starts':'07-01'}},'layers':["
	 LAYER("k", "critical", "'base':{'copay':1,'penalty':0},", RULE("r",
		"'when':{'care_type':['21']},'settles':'year','deductible':{'amount':60},'ratio':0.5") ","
		   RULE("e", "'on':'application','window':{'over':'last_12_months','when':{'care_type':['21']}},'ratio':0.2")) ","
	 LAYER("m", "assistance", COPAY, RULE("r", "'settles':'year','cumulative_from':{'crossing':'k'},"
		"'deductible':{'amount':10},'ratio':0.6,'caps':[{'limit':120}]")) ","
	 LAYER("n", "tilt", "'set_off':true,'base':{'copay':1,'excluded':0.5},", RULE("e",
		"'on':'application','window':{'over':'year_to_date'},'deductible':{'amount':20,'kind':'threshold'},'ratio':0.5,"
		"'caps':[{'limit':50}],'times':{'limit':2}") ","
		   RULE("c", "'on':'year_close','window':{'over':'previous_year','when':{'level':['1','2']}},'enter':0.777,"
			"'deductible':{'amount':{'base':1,'rate':0.1,'cost':'in_scope'}},'ratio':0.9")) "]") ","
PAGE("e", "'counters':{'y':{'every':'quarter'}},'ceilings':[{'name':'v','layers':['a','b'],'share':0.7,'of':'total','per':'visit'},"
	 "{'name':'p','layers':['b','c','d'],'share':0.555555,'of':'in_scope','per':'period','when':{'category':['poor']}}],'layers':["
	 LAYER("a", "other", "'alternative':'alt'," COPAY, RULE("r",
		"'settles':'year','counter':'y','deductible':{'amount':8,'counter':'d'},'ratio':0.5,"
		"'caps':[{'limit':60},{'limit':90,'group':'g'}]")) ","
	 LAYER("b", "other", "'alternative':'alt'," COPAY, RULE("r", "'settles':'year','counter':'y','drop_paid_bills':true,"
		"'deductible':{'amount':12,'counter':'d'},'ratio':0.25,'caps':[{'limit':90,'group':'g'}],'times':{'limit':3}")) ","
	 LAYER("c", "other", COPAY, RULE("r", "'when':{'paid_by':['b']},'ratio':0.5,'caps':[{'limit':30}]")) ","
	 LAYER("d", "other", "'base':{'copay':1,'excluded':1},", RULE("r",
		"'when':{'any':[{'exhausted':['b']},{'self_pay':{'above_deductible_of':'a'}}]},'ratio':0.9,"
		"'caps':[{'limit':40,'on':'base','group':'h'}]")) "]") ","
PAGE("f", "'parts':{'excluded.drug':'d','first_share.away':'a','over_limit.x':'x'},"
	 "'fixed_prices':[{'name':'p','when':{'care_type':['2101']},'price':{'base':20,'rate':1,'fact':'age'}}],'layers':["
	 LAYER("a", "other", "'base':{'of':'total','from':['copay','excluded.drug']},", RULE("r", "'settles':'year','ratio':0.15")) ","
	 LAYER("b", "other", "'base':{'of':'excluded'},", RULE("r", "'enter':0.001,'ratio':1,'rounding':{'mode':'up'}")) ","
	 LAYER("c", "other", "'base':{'copay':0.333,'first_share':0.667,'first_share.away':1,'over_limit.x':0.001,"
		"'excluded.drug':0.5},'pays_from':['excluded.drug','over_limit.x','first_share','copay','first_share.away'],",
		   RULE("r", "'settles':'year','enter':0.999,'bands':[{'to':10,'ratio':0.123456},{'to':20,'ratio':0},"
			"{'ratio':0.999999}]")) "]") ","
PAGE("g", "'layers':["
	 LAYER("b", "basic", "", RULE("r", "'ratio':0.5,'rounding':{'unit':'yuan','mode':'up'},"
		"'caps':[{'limit':20,'per':'visit'}],'modifiers':[{'when':{'category':['poor']},'target':'payment','multiply':1.5},"
		"{'when':{'category':['low']},'target':'payment','add':-3}]")) ","
	 LAYER("a", "other", BURDEN, RULE("r", "'settles':'year','deductible':{'amount':7.77,'rounding':{'unit':'yuan'}},"
		"'ratio':0.5,'rounding':{'unit':'yuan'},'caps':[{'limit':44.44}],"
		   "'modifiers':[{'when':{'category':['poor']},'target':'self_share','multiply':0.333},"
		   "{'when':{'category':['low']},'target':'deductible','remove':true},"
		   "{'when':{'level':['3']},'target':'annual_cap','multiply':1.111},"
		   "{'when':{'level':['2']},'target':'enter','add':-0.1},"
		   "{'when':{'referral':['no']},'target':'payment','set':9.99}]")) "]") ","
PAGE("h", "'counters':{'c':{'every':'chain'},'l':{'per':'level','every':'month'},'o':{'per':'hospital'}},'counts':{'o':{}},"
	 "'layers':["
	 LAYER("a", "other", COPAY, RULE("r", "'when':{'stay_number':{'count':'o','up_to':2}},"
		"'deductible':{'amount':30,'counter':'c'},'ratio':0.5") ","
		   RULE("s", "'when':{'stay_total':{'above':100}},'deductible':{'amount':10,'counter':'l'},'ratio':0.6") "," RULE("t",
			"'deductible':{'amount':20},'ratio':0.7")) ","
	 LAYER("b", "other", "'base':{'copay':1,'excluded':1,'over_limit':1,'first_share':1},", RULE("r",
		"'when':{'base':{'above':25},'none':[{'age':{'below':6}}]},'counter':'l','enter':0.5,'ratio':1,"
		"'times':{'limit':4,'counter':'o'}")) "]")
"]}";

static char *book_json;
static char *arena;
static Book book;
static Fold person;
static Fold resumed;
static Trace trace;

/* Compile the book once */
static void
OpenBook(void)
{
	int			length = (int) strlen(book_text);
	Fault		fault;

	book_json = malloc((size_t) length);
	for (int i = 0; i < length; i++)
		book_json[i] = book_text[i] == '\'' ? '"' : book_text[i];
	arena = malloc((size_t) ArenaNeeded(length));
	if (CompileBook(book_json, length, arena, ArenaNeeded(length), &book, &fault) != ST_OK)
	{
		fprintf(stderr, "the book at %s: found %s, expected %s\n", fault.path, fault.found, fault.expected);
		abort();
	}
}

/* ---- bills from bytes ---- */

/* what has come of a person's bills so far */
typedef struct Year
{
	int64_t		day;
	int64_t		bills;
	i128		paid_fen;
	i128		total_fen;
} Year;

typedef struct Stream
{
	const uint8_t *data;
	size_t		size;
	size_t		at;
} Stream;

static unsigned
Take(Stream *s)
{
	return s->at < s->size ? s->data[s->at++] : 0;
}

static Code
CodeOf(const char *text)
{
	return (Code) {.text = text, .length = (uint8_t) strlen(text)};
}

/* 0, some yuan, some fen, or very much */
static int64_t
TakeAmount(Stream *s)
{
	unsigned	how = Take(s);

	switch (how & 7)
	{
		case 0:
			return 0;
		case 1:
			return Take(s);
		case 2:
			return (int64_t) (Take(s) << 8 | Take(s));
		case 3:
			return MAX_FEN >> (how >> 3);
		default:
			return (int64_t) Take(s) * 100;
	}
}

static Code
TakeCode(Stream *s, const char *const *codes, unsigned n)
{
	return CodeOf(codes[Take(s) % n]);
}

static void
TakeCodes(Stream *s, Bill *bill)
{
	static const char *const care_types[] = {"11", "21", "2101", "210199"};
	static const char *const levels[] = {"1", "2", "3"};
	static const char *const referrals[] = {"yes", "no"};
	static const char *const categories[] = {"poor", "low"};
	static const char *const hospitals[] = {"H1", "H2"};
	static const char *const chains[] = {"C1", "C2"};
	unsigned	flags = Take(s);

	bill->single[CODE_CARE_TYPE] = TakeCode(s, care_types, 4);
	bill->single[CODE_LEVEL] = TakeCode(s, levels, 3);
	bill->single[CODE_REFERRAL] = TakeCode(s, referrals, 2);
	bill->list_known[0] = true;
	bill->n_list[0] = (uint8_t) (flags & 1);
	bill->list[0][0] = TakeCode(s, categories, 2);
	bill->hospital = TakeCode(s, hospitals, 2);
	if (flags & 2)
		bill->chain = TakeCode(s, chains, 2);
	bill->age = (int16_t) (flags >> 2);
}

static void
TakeEncounter(Stream *s, Bill *bill)
{
	static const char *const encounters[] = {"E1", "E2"};

	bill->encounter = TakeCode(s, encounters, 2);
	bill->encounter_total_fen = TakeAmount(s);
}

/* Amounts of layers that somebody else computed */
static void
TakeGiven(Stream *s, Bill *bill)
{
	static const char *const layers[] = {"a", "b", "k", "m", "t"};
	unsigned	first = Take(s);

	bill->n_given = (uint8_t) (1 + (first >> 7));
	for (unsigned i = 0; i < bill->n_given; i++)
	{
		Given	   *given = &bill->given[i];

		given->layer = CodeOf(layers[(first + i) % 5]);
		given->state = (GivenState) (Take(s) % 3);
		given->amount_fen = given->state == GIVEN_AMOUNT ? TakeAmount(s) : 0;
		given->deductible_fen = given->state == GIVEN_AMOUNT ? TakeAmount(s) : 0;
		given->over_cap_fen = 0;
	}
}

static void
TakeParts(Stream *s, Bill *bill)
{
	static const char *const names[] = {"excluded.drug", "first_share.away", "over_limit.x"};
	static const Column columns[] = {COLUMN_EXCLUDED, COLUMN_FIRST_SHARE, COLUMN_OVER_LIMIT};

	for (int i = 0; i < 3; i++)
	{
		BillPart   *part = &bill->parts[bill->n_parts++];

		part->name = CodeOf(names[i]);
		part->column = columns[i];
		part->amount_fen = bill->column_fen[columns[i]] * Take(s) / 255;
	}
}

/* One bill or event, later than the one before */
static void
TakeBill(Stream *s, Year *year, Bill *bill)
{
	static const char *const schemes[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
	unsigned	what = Take(s);

	BillInit(bill);
	year->day += Take(s);
	bill->region = CodeOf("R");
	bill->scheme = CodeOf(schemes[what & 7]);
	bill->ordered_at = year->day * INT64_C(86400000000);
	bill->seq = ++year->bills;
	TakeCodes(s, bill);
	if ((what & 0x38) == 0x38)
	{
		bill->kind = what & 0x40 ? BILL_APPLICATION : BILL_YEAR_CLOSE;
		return;
	}
	for (int column = COLUMN_IN_SCOPE; column < COLUMNS; column++)
	{
		bill->column_fen[column] = column == COLUMN_IN_SCOPE || what & 0x80 ? TakeAmount(s) : 0;
		bill->column_fen[COLUMN_TOTAL] += bill->column_fen[column];
	}
	if ((what & 0x30) == 0x10)
		TakeEncounter(s, bill);
	if ((what & 0x38) == 0x20)
		TakeGiven(s, bill);
	if ((what & 7) == 5)
		TakeParts(s, bill);
}

/* ---- what must hold ---- */

static void
CheckSplit(const Bill *bill, const Split *split)
{
	int64_t		sum = split->hospital_fen + split->patient_fen;
	int64_t		left = 0;

	for (int i = 0; i < split->n_lines; i++)
	{
		const Line *line = &split->lines[i];

		REQUIRE(line->paid_fen >= 0 && line->adjustment_fen >= 0 && line->recoverable_fen >= 0 && line->set_off_fen >= 0);
		REQUIRE(line->room_fen >= 0 && line->cumulative.fen >= 0 && line->deductible.fen >= 0);
		REQUIRE(line->state == LINE_GIVEN || line->paid_fen + line->adjustment_fen <= line->room_fen);
		REQUIRE(line->state == LINE_GIVEN || line->paid_fen + line->adjustment_fen <= (line->due_fen > 0 ? line->due_fen : 0));
		sum += line->paid_fen;
	}
	for (int i = 0; i < BUCKETS; i++)
	{
		REQUIRE(split->left_fen[i] >= 0);
		left += split->left_fen[i];
	}
	REQUIRE(split->hospital_fen >= 0 && left == split->patient_fen);
	REQUIRE(sum == split->total_fen && split->total_fen == bill->column_fen[COLUMN_TOTAL]);
}

static void
CheckSameSplit(const Split *a, const Split *b)
{
	REQUIRE(a->page == b->page && a->n_lines == b->n_lines);
	REQUIRE(a->hospital_fen == b->hospital_fen && a->patient_fen == b->patient_fen);
	REQUIRE(memcmp(a->left_fen, b->left_fen, sizeof(a->left_fen)) == 0);
	for (int i = 0; i < a->n_lines; i++)
	{
		const Line *x = &a->lines[i];
		const Line *y = &b->lines[i];

		REQUIRE(x->state == y->state && x->rule == y->rule && ExactCompare(x->base, y->base) == 0);
		REQUIRE(ExactCompare(x->cumulative, y->cumulative) == 0 && ExactCompare(x->deductible, y->deductible) == 0);
		REQUIRE(x->due_fen == y->due_fen && x->room_fen == y->room_fen && x->paid_fen == y->paid_fen);
		REQUIRE(x->adjustment_fen == y->adjustment_fen && x->recoverable_fen == y->recoverable_fen);
		REQUIRE(x->set_off_fen == y->set_off_fen);
	}
}

/* The account in its JSON form; the resumed fold goes on from it and writes the same bytes */
static void
Resume(void)
{
	int			length = AccountToJson(&person.account, NULL, 0);
	int			scratch_size = AccountScratchNeeded(length);
	char	   *first = malloc((size_t) length);
	char	   *second = malloc((size_t) length);
	char	   *scratch = malloc((size_t) scratch_size);
	Fault		fault;

	AccountToJson(&person.account, first, length);
	REQUIRE(AccountToJson(&resumed.account, second, length) == length && memcmp(first, second, (size_t) length) == 0);
	REQUIRE(AccountFromJson(first, length, scratch, scratch_size, &resumed.account, &fault) == ST_OK);
	FoldResume(&resumed);
	REQUIRE(AccountToJson(&resumed.account, second, length) == length && memcmp(first, second, (size_t) length) == 0);
	free(first);
	free(second);
	free(scratch);
}

/* Nobody gets more than there was: payments and adjustments of all bills, against their totals */
static void
CheckSum(const Split *split, Year *year)
{
	year->total_fen += split->total_fen;
	for (int i = 0; i < split->n_lines; i++)
		year->paid_fen += split->lines[i].paid_fen + split->lines[i].adjustment_fen;
	REQUIRE(year->paid_fen <= year->total_fen);
}

/* The next person: one fold goes on as it is, the other is opened anew; neither may know of the person before */
static void
NextPerson(Year *year)
{
	memset(year, 0, sizeof(*year));
	year->day = 8766;			/* 2024-01-01 */
	FoldPerson(&person);
	FoldOpen(&resumed, &book);
}

/* One bill on both folds; false when it is refused, and the person's account is no longer good for anything */
static bool
SettleBoth(const Bill *bill, Year *year)
{
	Split		split;
	Split		second;
	Fault		fault;
	Status		status = SettleStep(&person, bill, &split, NULL, &fault);

	REQUIRE(SettleStep(&resumed, bill, &second, &trace, &fault) == status);
	REQUIRE(status != ST_INTERNAL);
	if (status != ST_OK)
		return false;
	CheckSplit(bill, &split);
	CheckSameSplit(&split, &second);
	CheckSum(&split, year);
	if ((year->bills + year->day) % 3 == 0)
		Resume();				/* costs more than the bill: only now and then */
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Stream		s = {data, size, 0};
	Year		year;

	if (book_json == NULL)
		OpenBook();
	FoldOpen(&person, &book);
	NextPerson(&year);
	for (int i = 0; i < MAX_BILLS && s.at < s.size; i++)
	{
		Bill		bill;
		Fault		fault;

		if ((s.data[s.at] & 0xB8) == 0xB8)
		{
			s.at++;
			NextPerson(&year);
			continue;
		}
		TakeBill(&s, &year, &bill);
		if (CheckBill(&bill, &fault) == ST_OK && !SettleBoth(&bill, &year))
			NextPerson(&year);
	}
	if (person.account.started)
		Resume();
	return 0;
}
