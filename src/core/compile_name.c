/*
 * compile_name.c — what a page declares by name (sources, codes, parts, counters, facts) and how the rest of the page refers to it.
 * An unknown name is refused with the names that are declared. Facts and counters are declared by being used.
 */
#include "compile.h"

#include <stdio.h>
#include <string.h>

#include "text.h"

/* Refuse a name, saying which ones there are. */
static void
FailUnknownName(Compiler *c, int node, const char *intro, const Code *names, int n)
{
	char		expected[MAX_FAULT_TEXT];

	ListNames(expected, sizeof(expected), intro, names, n);
	FailValue(c, node, ST_DOC_UNKNOWN_NAME, expected);
}

/* ---- sources and citations ---- */

enum
{
	SOURCE_DOCUMENT,
	SOURCE_TITLE,
	SOURCE_ISSUED,
	SOURCE_URL,
	SOURCE_GRADE,
	SOURCE_KEYS
};

static const Key source_keys[SOURCE_KEYS] = {
	[SOURCE_DOCUMENT] = {"document", REQUIRED},
	[SOURCE_TITLE] = {"title", OPTIONAL},
	[SOURCE_ISSUED] = {"issued", OPTIONAL},
	[SOURCE_URL] = {"url", OPTIONAL},
	[SOURCE_GRADE] = {"grade", OPTIONAL}
};

/* One source: its key and what stands under it. */
static void
ReadSource(Compiler *c, int key, Source *source)
{
	static const char *const grades[] = {"A", "B", "C", "D"};
	int			value[SOURCE_KEYS];
	Code		name = ReadName(c, key);
	int			grade;

	READ_KEYS(c, key + 1, source_keys, value);
	source->key = (Text) {name.text, name.length};
	source->document = ReadText(c, value[SOURCE_DOCUMENT]);
	source->title = ReadText(c, value[SOURCE_TITLE]);
	source->issued = ReadText(c, value[SOURCE_ISSUED]);
	source->url = ReadText(c, value[SOURCE_URL]);
	grade = READ_WORD(c, value[SOURCE_GRADE], grades, -1);
	source->grade = grade < 0 ? '\0' : grades[grade][0];
}

void
ReadSources(Compiler *c, int node)
{
	int			n = CountMembers(c, node, INT32_MAX, "an object: source key to source");
	Source	   *sources = NewArray(c, &n, sizeof(Source));

	c->page->sources = sources;
	for (int key = FirstOf(c, node); key >= 0; key = NextMember(c, node, key))
		ReadSource(c, key, &sources[c->page->n_sources++]);
}

/* The source that a citation names. */
static const Source *
FindSource(Compiler *c, int node)
{
	Code		name = ReadName(c, node);
	Code		names[16];		/* as many as a hint can show */
	int			n = 0;

	for (int i = 0; i < c->page->n_sources; i++)
	{
		Text		key = c->page->sources[i].key;

		if (SameText(key, (Text) {name.text, name.length}))
			return &c->page->sources[i];
		if (n < (int) (sizeof(names) / sizeof(names[0])))
			names[n++] = (Code) {key.text, (uint8_t) key.length};
	}
	FailUnknownName(c, node, "a source that the page declares", names, n);
	return NULL;
}

const Citation *
ReadCite(Compiler *c, int node, const Citation *inherited)
{
	static const Key keys[] = {{"source", REQUIRED}, {"article", OPTIONAL}, {"quote", OPTIONAL}, {"mark", OPTIONAL}};
	static const char *const marks[] = {"stated", "secondary", "inferred", "example"};
	int			value[4];
	int			one = 1;
	Citation   *cite;

	if (node < 0 || !READ_KEYS(c, node, keys, value))
		return inherited;
	cite = NewArray(c, &one, sizeof(Citation));
	if (cite == NULL)
		return inherited;
	cite->source = FindSource(c, value[0]);
	cite->article = ReadText(c, value[1]);
	cite->quote = ReadText(c, value[2]);
	cite->mark = (Mark) READ_WORD(c, value[3], marks, MARK_STATED);
	return cite;
}

void
CheckCited(Compiler *c, int node, const Citation *cite)
{
	if (cite == NULL)
		Fail(c, node, ST_DOC_NO_CITATION, "\"cite\": { \"source\": ... } here or in an object around it",
			 "a value without a citation");
}

/* ---- codes ---- */

/* The codes of one attribute. */
static void
ReadCodeList(Compiler *c, int node, CodeList *list)
{
	int			n = CountMembers(c, node, MAX_CODES, "an object of at most 64 codes: code to label");
	int			n_labels = n;
	Code	   *codes = NewArray(c, &n, sizeof(Code));
	Label	   *labels = NewArray(c, &n_labels, sizeof(Label));

	list->declared = true;
	list->codes = codes;
	list->labels = labels;
	for (int key = FirstOf(c, node); key >= 0; key = NextMember(c, node, key))
	{
		codes[list->n] = ReadName(c, key);
		labels[list->n++] = ReadLabel(c, key + 1);
	}
}

/* Which attribute does a key name? */
static int
ReadAttribute(Compiler *c, int key)
{
	return ReadWord(c, key, code_attribute_name, CODE_ATTRIBUTES, 0);
}

void
ReadCodes(Compiler *c, int node)
{
	CountMembers(c, node, CODE_ATTRIBUTES, "an object: code attribute to codes");
	for (int key = FirstOf(c, node); key >= 0; key = NextMember(c, node, key))
		ReadCodeList(c, key + 1, &c->page->codes[ReadAttribute(c, key)]);
}

/* Does a declared code meet a code of a test? A care type also when it begins with it. */
static bool
Meets(CodeAttribute attribute, Code declared, Code tested)
{
	if (attribute == CODE_CARE_TYPE && declared.length > tested.length)
		declared.length = tested.length;
	return SameCode(declared, tested);
}

uint64_t
CodeMask(Compiler *c, CodeAttribute attribute, int node)
{
	const CodeList *list = &c->page->codes[attribute];
	Code		code = ReadName(c, node);
	uint64_t	mask = 0;
	char		intro[48];

	if (Failed(c))
		return 0;
	for (int i = 0; i < list->n; i++)
		if (Meets(attribute, list->codes[i], code))
			mask |= UINT64_C(1) << i;
	snprintf(intro, sizeof(intro), "a code that \"codes\" declares for %s", code_attribute_name[attribute]);
	if (mask == 0)
		FailUnknownName(c, node, intro, list->codes, list->n);
	return mask;
}

/* ---- parts and buckets ---- */

/* Byte order of two part names. */
static int
ComparePart(Code a, Code b)
{
	int			shorter = a.length < b.length ? a.length : b.length;
	int			order = memcmp(a.text, b.text, (size_t) shorter);

	return order != 0 ? order : a.length - b.length;
}

/* Put the last of n parts at its place in byte order. */
static void
PlacePart(Code *parts, Column *columns, Label *labels, int n)
{
	for (int i = n - 1; i > 0 && ComparePart(parts[i - 1], parts[i]) > 0; i--)
	{
		Code		part = parts[i];
		Column		column = columns[i];
		Label		label = labels[i];

		parts[i] = parts[i - 1];
		columns[i] = columns[i - 1];
		labels[i] = labels[i - 1];
		parts[i - 1] = part;
		columns[i - 1] = column;
		labels[i - 1] = label;
	}
}

/* One part's full name, and its column. */
static Code
ReadPart(Compiler *c, int key, Column *column)
{
	Text		full = ReadText(c, key);
	Code		name = {full.text, (uint8_t) full.length};

	if (Failed(c))
		return name;
	*column = NameProblem(full.text, full.length, MAX_PART_NAME - 1) == NULL ? PartColumn(name) : COLUMN_TOTAL;
	if (*column == COLUMN_TOTAL)
		FailValue(c, key, ST_DOC_BAD_VALUE, "excluded, over_limit or first_share, a point, and a name of 1 to 31 bytes");
	return name;
}

void
ReadParts(Compiler *c, int node)
{
	static const char expected[] = "an object of at most 8 parts: name to label";
	int			n = CountMembers(c, node, MAX_PARTS, expected);
	int			n_columns = n;
	int			n_labels = n;
	Code	   *parts = NewArray(c, &n, sizeof(Code));
	Column	   *columns = NewArray(c, &n_columns, sizeof(Column));
	Label	   *labels = NewArray(c, &n_labels, sizeof(Label));

	c->page->parts = parts;
	c->page->part_column = columns;
	c->page->part_labels = labels;
	for (int key = FirstOf(c, node); key >= 0; key = NextMember(c, node, key))
	{
		int			i = c->page->n_parts;

		parts[i] = ReadPart(c, key, &columns[i]);
		labels[i] = ReadLabel(c, key + 1);
		if (!Failed(c))
			PlacePart(parts, columns, labels, ++c->page->n_parts);
	}
}

int
ReadBucket(Compiler *c, int node)
{
	Code		names[BUCKETS];
	int			n = 0;
	Text		text = ReadText(c, node);

	while (n < BUCKET_PART)
	{
		names[n] = (Code) {bucket_name[n], (uint8_t) strlen(bucket_name[n])};
		n++;
	}
	for (int i = 0; i < c->page->n_parts; i++)
		names[n++] = c->page->parts[i];
	for (int i = 0; i < n; i++)
		if (SameText(text, (Text) {names[i].text, names[i].length}))
			return i;
	FailUnknownName(c, node, "one of the buckets", names, n);
	return -1;
}

/* ---- facts ---- */

int
ReadFact(Compiler *c, int node)
{
	Code		name = ReadName(c, node);

	for (int i = 0; i < c->n_facts; i++)
		if (SameCode(c->facts[i], name))
			return i;
	if (c->n_facts == MAX_FACTS)
		Fail(c, node, ST_DOC_LIMIT, "at most 16 facts on a page", "one more fact");
	if (Failed(c))
		return 0;
	c->facts[c->n_facts] = name;
	return c->n_facts++;
}

/* ---- counters ---- */

uint8_t
CounterNamed(Compiler *c, int node, Code name)
{
	Counter		counter = {.name = name, .every = EVERY_YEAR, .start_month = 1, .start_day = 1, .per = PER_NONE};

	for (int i = 0; i < c->n_counters; i++)
		if (SameCode(c->counters[i].name, name))
			return (uint8_t) i;
	if (c->n_counters == MAX_COUNTERS)
		Fail(c, node, ST_DOC_LIMIT, "at most 96 counters on a page", "one more counter");
	if (Failed(c))
		return 0;
	c->counters[c->n_counters] = counter;
	return (uint8_t) c->n_counters++;
}

/* The start of a counter's periods, "MM-DD". */
static void
ReadStart(Compiler *c, int node, Counter *counter)
{
	static const char expected[] = "a month and a day from 01-01 to 12-28, \"MM-DD\"; the day at most 28";
	Text		text = ReadText(c, node);
	char		date[16] = "2001-";
	int32_t		day;

	if (text.text == NULL)
		return;
	memcpy(date + 5, text.text, (size_t) (text.length == 5 ? 5 : 0));
	if (text.length != 5 || !ParseDate(date, 10, &day) || text.text[3] > '2' || (text.text[3] == '2' && text.text[4] == '9'))
	{
		FailValue(c, node, ST_DOC_BAD_VALUE, expected);
		return;
	}
	counter->start_month = (uint8_t) ((text.text[0] - '0') * 10 + text.text[1] - '0');
	counter->start_day = (uint8_t) ((text.text[3] - '0') * 10 + text.text[4] - '0');
}

enum
{
	COUNTER_EVERY,
	COUNTER_STARTS,
	COUNTER_PER,
	COUNTER_CITE,
	COUNTER_KEYS
};

static const Key counter_keys[COUNTER_KEYS] = {
	[COUNTER_EVERY] = {"every", OPTIONAL},
	[COUNTER_STARTS] = {"starts", OPTIONAL},
	[COUNTER_PER] = {"per", OPTIONAL},
	[COUNTER_CITE] = {"cite", OPTIONAL}
};

/* The definition of one counter. */
static void
ReadCounterPeriod(Compiler *c, int node, Counter *counter)
{
	static const char *const every[] = {"year", "quarter", "month", "chain"};
	static const char *const per[] = {"level", "hospital"};
	int			value[COUNTER_KEYS];

	READ_KEYS(c, node, counter_keys, value);
	counter->every = (Every) READ_WORD(c, value[COUNTER_EVERY], every, EVERY_YEAR);
	counter->per = (Per) (READ_WORD(c, value[COUNTER_PER], per, -1) + 1);
	ReadStart(c, value[COUNTER_STARTS], counter);
	ReadCite(c, value[COUNTER_CITE], NULL);
	if (counter->every == EVERY_CHAIN)
	{
		Forbid(c, value[COUNTER_STARTS], "no start: a counter by chain has no period");
		Forbid(c, value[COUNTER_PER], "no per: a counter by chain is kept for each chain");
	}
	if (counter->per == PER_LEVEL && !c->page->codes[CODE_LEVEL].declared)
		FailValue(c, value[COUNTER_PER], ST_DOC_UNKNOWN_NAME, "the codes of level, declared under \"codes\"");
}

void
ReadCounters(Compiler *c, int node)
{
	CountMembers(c, node, MAX_COUNTERS, "an object of at most 96 counters: name to period");
	for (int key = FirstOf(c, node); key >= 0; key = NextMember(c, node, key))
		ReadCounterPeriod(c, key + 1, &c->counters[CounterNamed(c, key, ReadName(c, key))]);
}

uint8_t
ReadCounter(Compiler *c, int node, Code absent)
{
	return CounterNamed(c, node < 0 ? 0 : node, node < 0 ? absent : ReadName(c, node));
}

uint32_t
CounterNeeds(const Compiler *c, uint8_t counter)
{
	static const uint32_t needs[] = {
		[PER_NONE] = 0, [PER_LEVEL] = 1 << CODE_LEVEL, [PER_HOSPITAL] = NEEDS_HOSPITAL
	};

	return needs[c->counters[counter].per];
}

uint8_t
ReadCount(Compiler *c, int node)
{
	Code		name = ReadName(c, node);
	Code		names[MAX_COUNTS];

	for (int i = 0; i < c->n_counts; i++)
	{
		names[i] = c->counters[c->counts[i].counter].name;
		if (SameCode(names[i], name))
			return (uint8_t) i;
	}
	FailUnknownName(c, node, "a stay count of the page", names, c->n_counts);
	return 0;
}

/* ---- layers ---- */

uint8_t
ReadLayerName(Compiler *c, int node, int n_layers, const char *expected)
{
	Code		name = ReadName(c, node);

	for (int i = 0; i < n_layers; i++)
		if (SameCode(c->layer_name[i], name))
			return (uint8_t) i;
	FailUnknownName(c, node, expected, c->layer_name, n_layers);
	return 0;
}
