/*
 * page.c — which page of the book governs a bill, and the bill's codes as bits of that page's lists.
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

/* Byte order; of two codes of which one begins with the other the shorter comes first */
static int
CompareCode(Code a, Code b)
{
	int			order = memcmp(a.text, b.text, a.length < b.length ? a.length : b.length);

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
	return CodeIs(page->region, bill->region) && CodeIs(page->scheme, bill->scheme);
}

/* Does the page govern stays admitted when this one was? A bill that does not say was admitted on its period date. */
static bool
Admits(const Page *page, const Bill *bill, int32_t day)
{
	if (bill->admitted_on != NO_DATE)
		day = bill->admitted_on;
	return day >= page->admitted_from && day <= page->admitted_to;
}

/* Does the page cover the bill? An unknown date covers nothing. */
static bool
PageCovers(const Page *page, const Bill *bill)
{
	int32_t		day;

	if (!IsFor(page, bill))
		return false;
	day = GoverningDay(page, bill);
	return day >= page->from_day && day <= page->to_day && (!page->by_admission || Admits(page, bill, day));
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
		DayToDate(run->day, &fold->year, &month, &day);
		fold->year_first = DateToDay(fold->year, 1, 1);
		fold->year_last = DateToDay(fold->year, 12, 31);
	}
	run->year = fold->year;
	run->year_first = fold->year_first;
}

/* Does the page stand before the region and scheme of the bill? */
static bool
StandsBefore(const Page *page, const Bill *bill)
{
	int			order = CompareCode(page->region, bill->region);

	return order != 0 ? order < 0 : CompareCode(page->scheme, bill->scheme) < 0;
}

/* The page that covers the bill among those of its region and scheme, or NULL; pages are ordered */
static const Page *
SearchPage(const Book *book, const Bill *bill)
{
	int			low = 0;
	int			high = book->n_pages;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (StandsBefore(&book->pages[middle], bill))
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < book->n_pages && IsFor(&book->pages[low], bill); low++)
	{
		if (PageCovers(&book->pages[low], bill))
			return &book->pages[low];
	}
	return NULL;
}

/* The page that governs the bill; the last one is tried first, unless an earlier one may cover the bill as well */
Status
FindPage(Run *run)
{
	Fold	   *fold = run->fold;
	const Page *page = fold->page;

	if (page == NULL || page->mixed_dates || !PageCovers(page, run->bill))
	{
		page = SearchPage(fold->book, run->bill);
		if (page == NULL)
			return NoPage(run);
		fold->page = page;
		fold->stale_parts = true;
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

/* Does a code begin with a known one that is not longer? Both come with their keys. */
static inline bool
IsPrefix(Code known, uint64_t known_key, Code code, uint64_t key)
{
	if (known.length > 8)
		return memcmp(known.text, code.text, known.length) == 0;
	return known_key == (known.length == 8 ? key : key & ((UINT64_C(1) << (8 * known.length)) - 1));
}

/* The index of a code in the page's list, or -1; care types take the longest declared prefix */
static int
FindCode(const CodeList *list, Code code, bool prefix)
{
	int			best = -1;
	uint64_t	key = CodeKey(code);

	for (int i = 0; i < list->n; i++)
	{
		Code		known = list->codes[i];

		if (prefix)
		{
			if (known.length <= code.length && IsPrefix(known, list->keys[i], code, key) &&
				(best < 0 || known.length > list->codes[best].length))
				best = i;
		}
		else if (known.length == code.length && list->keys[i] == key && IsPrefix(known, key, code, key))
			return i;
	}
	return best;
}

/* A code that the page does not declare */
static Status
UnknownCode(const Run *run, CodeAttribute attribute, Code code)
{
	const CodeList *list = &run->page->codes[attribute];
	char		known[MAX_FAULT_TEXT];
	int			used = 0;

	for (int i = 0; i < list->n; i++)
	{
		if (used + list->codes[i].length + 3 > (int) sizeof(known))
			break;
		if (used > 0)
		{
			memcpy(known + used, ", ", 2);
			used += 2;
		}
		memcpy(known + used, list->codes[i].text, list->codes[i].length);
		used += list->codes[i].length;
	}
	known[used] = '\0';
	return FaultFormat(run->fault, ST_BILL_UNKNOWN_CODE, code_attribute_name[attribute], known, "\"%.*s\"", code.length, code.text);
}

/* The index of a code, where it was looked up before: bills repeat few codes */
static int
RecallCode(Run *run, CodeAttribute attribute, Code code)
{
	uint64_t	key = CodeKey(code);
	SeenCode   *seen = &run->fold->seen[attribute][(key + run->page->number) * UINT64_C(0x9E3779B97F4A7C15) >> (64 - SEEN_BITS)];

	if (attribute < 4)
		run->seen[attribute] = seen;
	if (seen->page == run->page && seen->key == key && seen->length == code.length &&
		(code.length <= 8 || memcmp(seen->text, code.text, code.length) == 0))
		return seen->index;
	seen->index = (int8_t) FindCode(&run->page->codes[attribute], code, attribute == CODE_CARE_TYPE);
	seen->page = run->page;
	seen->key = key;
	seen->length = code.length;
	seen->names_number = 0;
	memcpy(seen->text, code.text, code.length);
	return seen->index;
}

/* The bill's codes of one attribute as bits */
static Status
BindAttribute(Run *run, CodeAttribute attribute, const Code *codes, int n)
{
	uint64_t	bits = 0;

	for (int i = 0; i < n; i++)
	{
		int			found = RecallCode(run, attribute, codes[i]);

		if (found < 0)
			return UnknownCode(run, attribute, codes[i]);
		bits |= UINT64_C(1) << found;
	}
	run->codes[attribute] = bits;
	run->known |= 1u << attribute;
	return ST_OK;
}

/* All codes that the page declares, as bits; codes of attributes that it does not declare are nobody's concern */
Status
BindCodes(Run *run)
{
	const Bill *bill = run->bill;

	run->known = (bill->designated >= 0 ? NEEDS_DESIGNATED : 0) | (bill->age != NO_AGE ? NEEDS_AGE : 0) |
		(bill->hospital.text != NULL ? NEEDS_HOSPITAL : 0);
	for (int a = 0; a < CODE_SINGLE; a++)
	{
		run->codes[a] = 0;
		if (bill->single[a].text == NULL)
			continue;
		if (run->page->codes[a].declared)
			PROPAGATE(BindAttribute(run, (CodeAttribute) a, &bill->single[a], 1));
		else
			run->known |= 1u << a;
	}
	for (int a = CODE_SINGLE; a < CODE_ATTRIBUTES; a++)
	{
		run->codes[a] = 0;
		if (bill->list_known[a - CODE_SINGLE] && run->page->codes[a].declared)
			PROPAGATE(BindAttribute(run, (CodeAttribute) a, bill->list[a - CODE_SINGLE], bill->n_list[a - CODE_SINGLE]));
	}
	return ST_OK;
}

/* Does the bill bring every attribute that the layer's rules test? */
Status
CheckNeeds(const Run *run, uint8_t place)
{
	const Layer *layer = &run->page->layers[place];
	uint32_t	needs = run->bill->kind == BILL_ORDINARY ? layer->needs_ordinary : layer->needs_event;
	uint32_t	missing = needs & ~run->known;
	static const char *const beyond_codes[] = {"designated", "age", "hospital"};
	int			bit;

	if (missing == 0)
		return ST_OK;
	bit = __builtin_ctz(missing);
	return FaultFormat(run->fault, ST_BILL_MISSING,
					   bit < CODE_ATTRIBUTES ? code_attribute_name[bit] : beyond_codes[bit - CODE_ATTRIBUTES],
					   "a value: the rules of this layer test it", "not given, but layer \"%.*s\" needs it",
					   layer->name.length, layer->name.text);
}
