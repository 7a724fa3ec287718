/*
 * page.c — which page of the book governs a bill, and the bill's codes as bits of that page's lists.
 */
#include <string.h>

#include "fold.h"

/* Are two codes the same text? */
bool
CodeIs(Code a, Code b)
{
	return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
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

/* Does the page cover the bill? An unknown date covers nothing. */
static bool
PageCovers(const Page *page, const Bill *bill)
{
	int32_t		day;

	if (!CodeIs(page->region, bill->region) || !CodeIs(page->scheme, bill->scheme))
		return false;
	day = GoverningDay(page, bill);
	return day >= page->from_day && day <= page->to_day;
}

/* No page: say whether the region, the scheme or the day is missing, and which days are covered */
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
	DayToDate(same != NULL ? GoverningDay(same, bill) : DayOf(bill->ordered_at), &year, &month, &day);
	FaultFormat(run->fault, ST_NO_PAGE, "terms", "", "region %.*s, scheme %.*s, %04d-%02d-%02d", bill->region.length, bill->region.text,
				bill->scheme.length, bill->scheme.text, year, month, day);
	memcpy(found, run->fault->found, sizeof(found));
	return FaultSet(run->fault, ST_NO_PAGE, "terms", found,
					same != NULL ? "a page whose days include this date: publish one for the gap, or correct the date of the bill" :
					same_region > 0 ? "a page for this scheme in this region" : "a page for this region");
}

/* What the page's rules ask of the fold: bases shared between layers, layers that are waited for */
static void
NotePage(Fold *fold)
{
	uint32_t	layers_of[MAX_COUNTERS] = {0};	/* by base counter: bits of layers */

	fold->shares_bases = false;
	fold->crossing_layers = 0;
	for (int l = 0; l < fold->page->n_layers; l++)
	{
		const Layer *layer = &fold->page->layers[l];

		for (int r = 0; r < layer->n_rules; r++)
		{
			uint32_t   *layers = &layers_of[layer->rules[r].base_counter];

			*layers |= 1u << l;
			if (*layers != 1u << l)
				fold->shares_bases = true;
			if (layer->rules[r].crossing_layer != NO_INDEX)
				fold->crossing_layers |= 1u << layer->rules[r].crossing_layer;
		}
	}
}

/* Names and parts are looked up anew for another page or person */
static Status
ForgetHints(Run *run)
{
	Fold	   *fold = run->fold;

	for (int i = 0; i < fold->page->n_counters; i++)
		fold->name_id[i] = -1;
	for (int i = 0; i < fold->page->n_layers; i++)
		fold->name_id[MAX_COUNTERS + i] = -1;
	for (int i = 0; i < fold->page->n_parts; i++)
	{
		fold->part_slot[i] = (int8_t) AccountPart(&fold->account, fold->page->parts[i]);
		if (fold->part_slot[i] < 0)
			return FaultFormat(run->fault, ST_ACCOUNT_FULL, "account", "terms that name fewer different parts over a person's bills",
							   "more than %d named parts of columns", MAX_PARTS);
	}
	return ST_OK;
}

/* The page that governs the bill; the last one is tried first */
Status
FindPage(Run *run)
{
	Fold	   *fold = run->fold;
	const Book *book = fold->book;
	const Page *page = fold->page;

	if (page == NULL || !PageCovers(page, run->bill))
	{
		int			i = 0;

		while (i < book->n_pages && !PageCovers(&book->pages[i], run->bill))
			i++;
		if (i == book->n_pages)
			return NoPage(run);
		page = &book->pages[i];
	}
	run->page = page;
	if (fold->page != page || fold->new_person)
	{
		bool		other_page = fold->page != page;

		fold->page = page;
		fold->new_person = false;
		if (other_page)
			NotePage(fold);
		PROPAGATE(ForgetHints(run));
	}
	run->day = GoverningDay(page, run->bill);
	DayToDate(run->day, &run->year, &run->month, &run->month_day);
	return ST_OK;
}

/* The index of a code in the page's list, or -1; care types take the longest declared prefix */
static int
FindCode(const CodeList *list, Code code, bool prefix)
{
	int			best = -1;

	for (int i = 0; i < list->n; i++)
	{
		Code		known = list->codes[i];

		if (prefix)
		{
			if (known.length <= code.length && memcmp(known.text, code.text, known.length) == 0 &&
				(best < 0 || known.length > list->codes[best].length))
				best = i;
		}
		else if (CodeIs(known, code))
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

/* The bill's codes of one attribute as bits */
static Status
BindAttribute(Run *run, CodeAttribute attribute, const Code *codes, int n)
{
	uint64_t	bits = 0;

	for (int i = 0; i < n; i++)
	{
		int			found = FindCode(&run->page->codes[attribute], codes[i], attribute == CODE_CARE_TYPE);

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
	int			bit;
	const char *name;

	if (missing == 0)
		return ST_OK;
	bit = __builtin_ctz(missing);
	name = bit < CODE_ATTRIBUTES ? code_attribute_name[bit] : bit == CODE_ATTRIBUTES ? "designated" : bit == CODE_ATTRIBUTES + 1 ? "age" : "hospital";
	return FaultFormat(run->fault, ST_BILL_MISSING, name, "a value: the rules of this layer test it", "not given, but layer \"%.*s\" needs it",
					   layer->name.length, layer->name.text);
}
