/*
 * page.c — which page of the book governs a bill, and whether the bill brings what a layer needs. What follows from the
 * bill's codes is in plan.c.
 */
#include <string.h>

#include "fold.h"

/* Are two codes the same text? */
bool
CodeIs(Code a, Code b)
{
	if (a.length != b.length)
		return false;
	return a.length <= 8 ? CodeKey(a) == CodeKey(b) : memcmp(a.text, b.text, a.length) == 0;
}

/* Byte order, first by the keys of the codes; of two codes of which one begins with the other the shorter comes first */
static inline int
CompareCode(Code a, uint64_t a_key, Code b, uint64_t b_key)
{
	int			shorter = a.length < b.length ? a.length : b.length;
	int			order;

	if (a_key != b_key)
	{
		int			byte = __builtin_ctzll(a_key ^ b_key) / 8;

		return (int) (a_key >> 8 * byte & 0xFF) - (int) (b_key >> 8 * byte & 0xFF);
	}
	order = shorter <= 8 ? 0 : memcmp(a.text + 8, b.text + 8, (size_t) shorter - 8);
	return order != 0 ? order : a.length - b.length;
}

/* The date of the bill that decides its page and its periods, NO_DATE when the bill lacks it */
static int32_t
GoverningDay(const Page *page, const Bill *bill)
{
	switch (page->period_date)
	{
		case PERIOD_ADMISSION:
			return bill->admitted_on;
		case PERIOD_DISCHARGE:
			return bill->discharged_on;
		case PERIOD_SETTLEMENT:
			return bill->settled_on;
		case PERIOD_ORDER:
			break;
	}
	return DayOf(bill->ordered_at);
}

/* Is the page for the region and scheme of the bill? */
static inline bool
IsFor(const Page *page, const Bill *bill)
{
	return CodeHasKey(bill->region, page->region, page->region_key) && CodeHasKey(bill->scheme, page->scheme, page->scheme_key);
}

/* Does the page govern stays admitted when this one was? A bill that does not say was admitted on its period date. */
static bool
Admits(const Page *page, const Bill *bill, int32_t day)
{
	if (bill->admitted_on != NO_DATE)
		day = bill->admitted_on;
	return day >= page->admitted_from && day <= page->admitted_to;
}

/* Does a page of the bill's region and scheme cover the bill? An unknown date covers nothing. */
static inline bool
CoversDay(const Page *page, const Bill *bill)
{
	int32_t		day = GoverningDay(page, bill);

	return day >= page->from_day && day <= page->to_day && (!page->by_admission || Admits(page, bill, day));
}

static bool
PageCovers(const Page *page, const Bill *bill)
{
	return IsFor(page, bill) && CoversDay(page, bill);
}

/* Does the page of the last bill cover this one as well? */
static inline bool
StillCovers(const Run *run, const Page *page)
{
	if (HintedPlan(run, page) != NULL)	/* it is known to be for the region and scheme */
		return CoversDay(page, run->bill);
	return PageCovers(page, run->bill);
}

/* Is there a page for the day, though not for the day of admission? */
static bool
IsCoveredOtherwise(const Book *book, const Bill *bill)
{
	for (int i = 0; i < book->n_pages; i++)
	{
		const Page *page = &book->pages[i];

		if (IsFor(page, bill) && GoverningDay(page, bill) >= page->from_day && GoverningDay(page, bill) <= page->to_day)
			return true;
	}
	return false;
}

/* The day is covered, the admission is not */
static Status
NoPageForAdmission(const Run *run, int32_t day)
{
	const Bill *bill = run->bill;
	int32_t		year;
	int8_t		month;
	int8_t		month_day;

	DayToDate(bill->admitted_on != NO_DATE ? bill->admitted_on : day, &year, &month, &month_day);
	return FaultFormat(run->fault, ST_NO_PAGE, "terms", "a page whose \"admitted\" includes this date: publish one for these stays",
					   "region %.*s, scheme %.*s, admitted on %04d-%02d-%02d", bill->region.length, bill->region.text,
					   bill->scheme.length, bill->scheme.text, year, month, month_day);
}

/* No page: say whether the region, the scheme, the day or the admission is missing */
static Status
NoPage(const Run *run)
{
	const Book *book = run->fold->book;
	const Bill *bill = run->bill;
	int			same_region = 0;
	const Page *same = NULL;
	char		found[MAX_FAULT_TEXT];
	int32_t		year;
	int8_t		month;
	int8_t		day;

	for (int i = 0; i < book->n_pages; i++)
	{
		if (!CodeIs(book->pages[i].region, bill->region))
			continue;
		same_region++;
		if (CodeIs(book->pages[i].scheme, bill->scheme))
			same = &book->pages[i];
	}
	if (same != NULL && GoverningDay(same, bill) == NO_DATE)
		return FaultFormat(run->fault, ST_BILL_MISSING, same->period_date == PERIOD_ADMISSION ? "admitted_on" :
						   same->period_date == PERIOD_DISCHARGE ? "discharged_on" : "settled_on",
						   "the date that decides the period under this page", "no date");
	if (same != NULL && IsCoveredOtherwise(book, bill))
		return NoPageForAdmission(run, GoverningDay(same, bill));
	DayToDate(same != NULL ? GoverningDay(same, bill) : DayOf(bill->ordered_at), &year, &month, &day);
	FaultFormat(run->fault, ST_NO_PAGE, "terms", "", "region %.*s, scheme %.*s, %04d-%02d-%02d", bill->region.length,
				bill->region.text,
				bill->scheme.length, bill->scheme.text, year, month, day);
	memcpy(found, run->fault->found, sizeof(found));
	return FaultSet(run->fault, ST_NO_PAGE, "terms", found,
					same != NULL ? "a page whose days include this date: publish one for the gap, or correct the date of the bill" :
					same_region > 0 ? "a page for this scheme in this region" : "a page for this region");
}

/* Names are looked up anew in another table of names */
static void
ForgetNames(Fold *fold)
{
	memset(fold->name_id, 0xFF, sizeof(fold->name_id[0]) * (size_t) fold->book->n_names);
	fold->names_number++;
	fold->stale_names = false;
}

/* The page's parts as the account counts them */
static Status
BindParts(Run *run)
{
	Fold	   *fold = run->fold;

	for (int i = 0; i < fold->page->n_parts; i++)
	{
		fold->part_slot[i] = (int8_t) AccountPart(&fold->account, fold->page->parts[i]);
		if (fold->part_slot[i] < 0)
			return FaultFormat(run->fault, ST_ACCOUNT_FULL, "account", "terms that name fewer different parts over a person's bills",
							   "more than %d named parts of columns", MAX_PARTS);
	}
	fold->stale_parts = false;
	return ST_OK;
}

/* The year of the period date; bills of one year come together */
static void
SetYear(Run *run)
{
	Fold	   *fold = run->fold;
	int8_t		month;
	int8_t		day;

	if (run->day < fold->year_first || run->day > fold->year_last)
	{
		fold->stretch = fold->bill_number;
		DayToDate(run->day, &fold->year, &month, &day);
		fold->year_first = DateToDay(fold->year, 1, 1);
		fold->year_last = DateToDay(fold->year, 12, 31);
	}
	run->year = fold->year;
	run->year_first = fold->year_first;
}

/* The page that covers the bill among those of its region and scheme, or NULL; pages are ordered */
static const Page *
SearchPage(const Book *book, const Bill *bill)
{
	uint64_t	region_key = CodeKey(bill->region);
	uint64_t	scheme_key = CodeKey(bill->scheme);
	int			low = 0;
	int			high = book->n_pages;

	while (low < high)
	{
		int			middle = (low + high) / 2;
		const Page *page = &book->pages[middle];
		int			order = CompareCode(page->region, page->region_key, bill->region, region_key);

		if (order == 0)
			order = CompareCode(page->scheme, page->scheme_key, bill->scheme, scheme_key);
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < book->n_pages && IsFor(&book->pages[low], bill); low++)
	{
		if (CoversDay(&book->pages[low], bill))
			return &book->pages[low];
	}
	return NULL;
}

/* What the lines of a page say before anything has happened */
static void
MakeBlank(Fold *fold, const Page *page)
{
	memset(fold->blank, 0, sizeof(Line) * page->n_layers);
	for (int i = 0; i < page->n_layers; i++)
	{
		fold->blank[i].state = StateWithoutRule(&page->layers[i]);
		fold->blank[i].rule = NO_INDEX;
		fold->blank[i].room_fen = NO_ROOM_LIMIT;
	}
}

/* The page that governs the bill; the last one is tried first, unless an earlier one may cover the bill as well */
Status
FindPage(Run *run)
{
	Fold	   *fold = run->fold;
	const Page *page = fold->page;

	if (page == NULL || page->mixed_dates || !StillCovers(run, page))
	{
		page = SearchPage(fold->book, run->bill);
		if (page == NULL)
			return NoPage(run);
	}
	if (page != fold->page)
	{
		MakeBlank(fold, page);
		fold->page = page;
		fold->stale_parts = true;
		fold->stretch = fold->bill_number;
	}
	run->page = page;
	if (fold->stale_names)
		ForgetNames(fold);
	if (fold->stale_parts)
		PROPAGATE(BindParts(run));
	run->day = GoverningDay(page, run->bill);
	SetYear(run);
	return ST_OK;
}

/* Attributes that the layer's rules test and the bill does not bring, as bits */
uint32_t
MissingNeeds(const Run *run, const Layer *layer)
{
	return (run->bill->kind == BILL_ORDINARY ? layer->needs_ordinary : layer->needs_event) & ~run->plan->known;
}

/* The bill does not bring an attribute that the layer's rules test */
Status
LacksNeed(const Run *run, uint8_t place)
{
	const Layer *layer = &run->page->layers[place];
	uint32_t	missing = MissingNeeds(run, layer);
	static const char *const beyond_codes[] = {"designated", "age", "hospital"};
	int			bit;

	bit = __builtin_ctz(missing);
	return FaultFormat(run->fault, ST_BILL_MISSING,
					   bit < CODE_ATTRIBUTES ? code_attribute_name[bit] : beyond_codes[bit - CODE_ATTRIBUTES],
					   "a value: the rules of this layer test it", "not given, but layer \"%.*s\" needs it",
					   layer->name.length, layer->name.text);
}
