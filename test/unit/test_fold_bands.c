/*
 * test_fold_bands.c — the entitlement of one amount: progressive and whole-amount bands, edges absolute and above the deductible,
 * each edge at -1, 0, +1 fen.
 */
#include "fold_helpers.h"

#define BANDS "'bands':[{'from':0,'to':100,'ratio':0.5},{'from':100,'to':200,'ratio':0.6},{'from':200,'ratio':0.8}]"

/* 50 to 100, 110 to 200 */
static void
TestProgressive(void)
{
	RULE(BANDS);
	BILL("'in_scope':99.98");
	PAID("a", 4999);
	BILL("'in_scope':100");
	PAID("a", 5000);
	BILL("'in_scope':100.05");
	PAID("a", 5003);			/* 50 + 0.6 x 0.05 */
	BILL("'in_scope':200");
	PAID("a", 11000);
	BILL("'in_scope':200.05");
	PAID("a", 11004);			/* + 0.8 x 0.05 */
	BILL("'in_scope':0");
	PAID("a", 0);
	/* summed before the one rounding: 0.5 x 0.01 is not rounded by itself: 50.003 + 0.006 = 50.009 */
	RULE("'bands':[{'to':0.01,'ratio':0.4},{'to':0.02,'ratio':0.4},{'ratio':0.4}]");
	BILL("'in_scope':0.03");
	PAID("a", 1);				/* 1.2 fen; each alone would be 0 */
}

/* absolute: the deductible of 150 eats the lowest part; above: the bands count from it */
static void
TestEdges(void)
{
	RULE("'deductible':{'amount':150}," BANDS);
	BILL("'in_scope':150");
	PAID("a", 0);
	BILL("'in_scope':150.05");
	PAID("a", 3);				/* 0.6 x 0.05 */
	BILL("'in_scope':250");
	PAID("a", 7000);			/* 0.6 x 50 + 0.8 x 50 */
	RULE("'deductible':{'amount':150},'edges':'above'," BANDS);
	BILL("'in_scope':150");
	PAID("a", 0);
	BILL("'in_scope':150.02");
	PAID("a", 1);				/* 0.5 x 0.02 */
	BILL("'in_scope':250");
	PAID("a", 5000);
	BILL("'in_scope':250.05");
	PAID("a", 5003);
	BILL("'in_scope':450");
	PAID("a", 19000);			/* 50 + 60 + 0.8 x 100 */
}

/* A bounded last band pays nothing above it */
static void
TestBoundedEnd(void)
{
	RULE("'bands':[{'to':100,'ratio':0.5},{'to':200,'ratio':0.6}]");
	BILL("'in_scope':200");
	PAID("a", 11000);
	BILL("'in_scope':1000");
	PAID("a", 11000);
	RULE("'bands':[{'to':100,'ratio':0.5},{'to':200,'ratio':0.6}],'banding':'whole_amount'");
	BILL("'in_scope':200");
	PAID("a", 12000);
	BILL("'in_scope':200.01");
	PAID("a", 0);
}

/* One rate for the whole amount; an edge belongs to the lower band */
static void
TestWholeAmount(void)
{
	RULE("'banding':'whole_amount'," BANDS);
	BILL("'in_scope':99.99");
	PAID("a", 5000);			/* 49.995 */
	BILL("'in_scope':100");
	PAID("a", 5000);
	BILL("'in_scope':100.01");
	PAID("a", 6001);			/* 60.006 */
	BILL("'in_scope':200");
	PAID("a", 12000);
	BILL("'in_scope':200.01");
	PAID("a", 16001);			/* 160.008 */
	BILL("'in_scope':0");
	PAID("a", 0);
	/* band_closed upper: the edge belongs to the upper band */
	RULE("'banding':'whole_amount','band_closed':'upper'," BANDS);
	BILL("'in_scope':99.99");
	PAID("a", 5000);
	BILL("'in_scope':100");
	PAID("a", 6000);
	BILL("'in_scope':199.99");
	PAID("a", 11999);			/* 119.994 */
	BILL("'in_scope':200");
	PAID("a", 16000);
	BILL("'in_scope':0.01");
	PAID("a", 1);				/* 0.5 fen */
}

/* With a deductible of 50: looked up by the base (absolute) or by base - deductible (above), paid on base - deductible */
static void
TestWholeAmountEdges(void)
{
	RULE("'deductible':{'amount':50},'banding':'whole_amount'," BANDS);
	BILL("'in_scope':50");
	PAID("a", 0);
	BILL("'in_scope':100");
	PAID("a", 2500);
	BILL("'in_scope':100.01");
	PAID("a", 3001);			/* 0.6 x 50.01 = 30.006 */
	RULE("'deductible':{'amount':50},'banding':'whole_amount','edges':'above'," BANDS);
	BILL("'in_scope':50");
	PAID("a", 0);
	BILL("'in_scope':150");
	PAID("a", 5000);			/* looked up by 100 */
	BILL("'in_scope':150.01");
	PAID("a", 6001);			/* 0.6 x 100.01 = 60.006 */
	BILL("'in_scope':250");
	PAID("a", 12000);
}

/* For a threshold the rate is paid on the whole base; above: looked up by base - threshold */
static void
TestWholeAmountThreshold(void)
{
	RULE("'deductible':{'amount':50,'kind':'threshold'},'banding':'whole_amount'," BANDS);
	BILL("'in_scope':50");
	PAID("a", 0);
	BILL("'in_scope':50.02");
	PAID("a", 2501);
	BILL("'in_scope':100.01");
	PAID("a", 6001);
	RULE("'deductible':{'amount':50,'kind':'threshold'},'banding':'whole_amount','edges':'above'," BANDS);
	BILL("'in_scope':150");
	PAID("a", 7500);			/* 0.5 x 150, looked up by 100 */
	BILL("'in_scope':150.01");
	PAID("a", 9001);			/* 0.6 x 150.01 = 90.006 */
	/* closed upper: at the threshold itself it pays on the whole; 0 above it belongs to the first band */
	RULE("'deductible':{'amount':50,'kind':'threshold','closed':'upper'},'banding':'whole_amount','edges':'above'," BANDS);
	BILL("'in_scope':49.99");
	PAID("a", 0);
	BILL("'in_scope':50");
	PAID("a", 2500);
	BILL("'in_scope':50.01");
	PAID("a", 2501);			/* 25.005 */
	RULE("'deductible':{'amount':50,'kind':'threshold','closed':'upper'},'banding':'whole_amount','edges':'above',"
		 "'band_closed':'upper'," BANDS);
	BILL("'in_scope':50");
	PAID("a", 2500);
}

/* Fixed amounts; nothing where nothing is left above the deductible */
static void
TestFixedAmounts(void)
{
	RULE("'deductible':{'amount':10},'banding':'whole_amount',"
		 "'bands':[{'to':100,'amount':20},{'to':200,'ratio':0.5},{'amount':{'base':5,'rate':1,'fact':'age'}}]");
	BILL("'in_scope':10,'age':1");
	PAID("a", 0);
	BILL("'in_scope':100,'age':1");
	PAID("a", 2000);
	BILL("'in_scope':100.02,'age':1");
	PAID("a", 4501);
	BILL("'in_scope':200.01,'age':30");
	PAID("a", 3500);
	/* more than is left: the rest lapses */
	BILL("'in_scope':10.01,'age':1");
	DUE("a", 2000);
	PAID("a", 1001);
	REFUSED("'in_scope':10", ST_BILL_MISSING, "age");
}

/* A ratio by fact, with six decimals: 0.5 + 0.0000015 x 1 = 0.5000015 -> 0.500002; 500 000.00 x 0.500002 = 250 001.00 */
static void
TestRatioByFact(void)
{
	RULE("'ratio':{'base':0.5,'rate':0.000001,'fact':'years','max':0.6}");
	BILL("'in_scope':500000,'facts':{'years':1.5}");
	PAID("a", 25000100);
	BILL("'in_scope':500000,'facts':{'years':1.49}");
	PAID("a", 25000050);		/* 0.50000149 -> 0.500001 */
	BILL("'in_scope':500000,'facts':{'years':99999}");
	PAID("a", 29999950);		/* 0.599999 */
	BILL("'in_scope':500000,'facts':{'years':100001}");
	PAID("a", 30000000);
	/* the enter share likewise, to thousandths: 0.5 + 0.0005 x 1 -> 0.501 */
	RULE("'enter':{'base':0.5,'rate':0.0005,'fact':'years'},'ratio':1");
	BILL("'in_scope':1000,'facts':{'years':1}");
	PAID("a", 50100);
	BILL("'in_scope':1000,'facts':{'years':0.99}");
	PAID("a", 50000);
	REFUSED("'in_scope':1000", ST_BILL_MISSING, "facts");
}

/* Beyond the short path of 64 bits: 80 000 000 000.00 and one fen more; and the largest amount there is */
static void
TestLarge(void)
{
	RULE("'bands':[{'to':80000000000,'ratio':0.999999},{'ratio':0.5}]");
	BILL("'in_scope':80000000000.00");
	PAID("a", INT64_C(7999992000000));
	BILL("'in_scope':80000000000.01");
	PAID("a", INT64_C(7999992000001));	/* + 0.5 fen */
	BILL("'in_scope':80000000000.02");
	PAID("a", INT64_C(7999992000001));
	/* the base of the year may not pass 10^13 yuan: a person of its own */
	RULE("'ratio':0.999999");
	BILL("'in_scope':10000000000000.00");
	PAID("a", INT64_C(999999000000000));
}

/* The trace shows each band and what it gave */
static void
TestTrace(void)
{
	RULE("'deductible':{'amount':150}," BANDS);
	BILL("'in_scope':250");
	CHECK_INT(CountSteps(STEP_BAND), 2);
	CHECK_INT(StepOf(STEP_BAND, 0)->index, 1);
	CHECK_INT(StepOf(STEP_BAND, 0)->low.fen, 15000);
	CHECK_INT(StepOf(STEP_BAND, 0)->high.fen, 20000);
	CHECK_INT(StepOf(STEP_BAND, 0)->ratio_pico, INT64_C(600000000000));
	CHECK_INT(StepOf(STEP_BAND, 1)->index, 2);
	CHECK_INT(StepOf(STEP_ENTITLEMENT, 0)->result.fen, 7000);
	RULE("'banding':'whole_amount','bands':[{'amount':3}]");
	BILL("'in_scope':250");
	CHECK_INT(StepOf(STEP_BAND, 0)->ratio_pico, 0);
	CHECK_INT(StepOf(STEP_BAND, 0)->base.fen, 25000);
}

int
main(void)
{
	TestProgressive();
	TestEdges();
	TestBoundedEnd();
	TestWholeAmount();
	TestWholeAmountEdges();
	TestWholeAmountThreshold();
	TestFixedAmounts();
	TestRatioByFact();
	TestLarge();
	TestTrace();
	return CheckEnd();
}
