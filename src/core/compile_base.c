/*
 * compile_base.c — bases: weights by bucket or a gross column, and the order in which a payment is taken out of the buckets.
 */
#include "compile.h"

/* The i-th bucket in the usual order of taking, of a page with n_parts parts. */
static int
UsualBucket(int i, int n_parts)
{
	static const uint8_t first[] = {
		BUCKET_IN_SCOPE, BUCKET_OVER_CAP, BUCKET_COPAY, BUCKET_AWAY_SHARE, BUCKET_FIRST_SHARE, BUCKET_OVER_LIMIT, BUCKET_EXCLUDED
	};
	int			n_first = (int) sizeof(first);

	if (i < n_first)
		return first[i];
	if (i < n_first + n_parts)
		return BUCKET_PART + i - n_first;
	return i == n_first + n_parts ? BUCKET_DEDUCTIBLE : BUCKET_PENALTY;
}

/* Name of a bucket of the page. */
static Code
BucketName(const Compiler *c, int bucket)
{
	Code		name = {NULL, 0};

	if (bucket >= BUCKET_PART)
		return c->page->parts[bucket - BUCKET_PART];
	name.text = bucket_name[bucket];
	while (name.text[name.length] != '\0')
		name.length++;
	return name;
}

/* Refuse an order that names too few or too many buckets. */
static void
FailOrder(Compiler *c, int bucket, const char *problem)
{
	Code		name = BucketName(c, bucket);

	Fail(c, c->pays_from, ST_DOC_BAD_VALUE, "each bucket of the base once",
		 "the bucket %.*s is %s", name.length, name.text, problem);
}

void
ReadPaysFrom(Compiler *c, int node)
{
	c->pays_from = node;
	c->n_pays_from = 0;
	c->named_buckets = 0;
	CountElements(c, node, BUCKETS, "an array of buckets");
	for (int element = FirstOf(c, node); element >= 0; element = NextElement(c, node, element))
	{
		c->pays_from_order[c->n_pays_from++] = (uint8_t) ReadBucket(c, element);
		CheckDistinct(c, node, element);
	}
}

/* Every bucket of pays_from must be in a base of the layer; those of the bases have been found in it. */
void
CheckPaysFrom(Compiler *c)
{
	for (int i = 0; i < c->n_pays_from && !Failed(c); i++)
		if ((c->named_buckets >> c->pays_from_order[i] & 1) == 0)
			FailOrder(c, c->pays_from_order[i], "in no base of the layer");
}

/* Put the buckets of the mask in the order of taking. */
static void
SetOrder(Compiler *c, Weights *weights)
{
	uint32_t	rest = weights->mask;
	int			n = c->pays_from >= 0 ? c->n_pays_from : BUCKET_PART + c->page->n_parts;

	for (int i = 0; i < n && !Failed(c); i++)
	{
		int			bucket = c->pays_from >= 0 ? c->pays_from_order[i] : UsualBucket(i, c->page->n_parts);

		if ((rest >> bucket & 1) != 0)
			weights->order[weights->n_order++] = (uint8_t) bucket;
		rest &= ~(1u << bucket);
	}
	for (int bucket = 0; bucket < BUCKETS && !Failed(c); bucket++)
		if ((rest >> bucket & 1) != 0)
			FailOrder(c, bucket, "missing");
}

/* The buckets that the payment of a gross base comes out of. */
static uint32_t
ReadFrom(Compiler *c, int node)
{
	static const char expected[] = "an array of at least one bucket";
	uint32_t	mask = 0;

	if (node < 0)
		return ((1u << (BUCKET_PART + c->page->n_parts)) - 1) & ~(1u << BUCKET_PENALTY);
	if (CountElements(c, node, BUCKETS, expected) == 0)
		FailValue(c, node, ST_DOC_BAD_VALUE, expected);
	for (int element = FirstOf(c, node); element >= 0; element = NextElement(c, node, element))
	{
		int			bucket = ReadBucket(c, element);

		CheckDistinct(c, node, element);
		if (!Failed(c))
			mask |= 1u << bucket;
	}
	return mask;
}

/* { "of": column, "from": [buckets] } */
static void
ReadGross(Compiler *c, int node, Weights *weights)
{
	static const Key keys[] = {{"of", REQUIRED}, {"from", OPTIONAL}};
	int			value[2];

	if (!READ_KEYS(c, node, keys, value))
		return;
	weights->gross = true;
	weights->whole = true;
	weights->column = (Column) ReadWord(c, value[0], column_name, COLUMNS, COLUMN_TOTAL);
	weights->mask = ReadFrom(c, value[1]);
	weights->milli[BUCKET_GROSS] = MILLI;
	c->named_buckets |= weights->mask;
}

/* One bucket and its weight, or the citation of all of them. */
static void
ReadWeight(Compiler *c, int key, Weights *weights, uint32_t *named)
{
	int			bucket = ReadBucket(c, key);
	int64_t		milli = ReadNumber(c, key + 1, &number_weight);

	if (Failed(c))
		return;
	*named |= 1u << bucket;
	weights->milli[bucket] = (uint16_t) milli;
	weights->whole = weights->whole && milli % MILLI == 0;
	if (milli > 0)
		weights->mask |= 1u << bucket;
}

/* bucket to weight */
static void
ReadWeights(Compiler *c, int node, const Citation *cite, Weights *weights)
{
	uint32_t	named = 0;

	weights->whole = true;
	CountMembers(c, node, BUCKETS + 1, "an object: bucket to weight");
	for (int key = FirstOf(c, node); key >= 0; key = NextMember(c, node, key))
	{
		if (JsonIs(&c->json, key, "cite"))
			cite = ReadCite(c, key + 1, cite);
		else
			ReadWeight(c, key, weights, &named);
	}
	CheckCited(c, node, cite);
	c->named_buckets |= named;
	if (c->layer->kind == KIND_CRITICAL && (named >> BUCKET_PENALTY & 1) == 0 && (named >> BUCKET_IN_SCOPE & 1) == 0)
		Fail(c, node, ST_DOC_MISSING_KEY, "the key \"penalty\": a critical layer says whether penalties count",
			 "a base without the key \"penalty\"");
	if (weights->mask == 0)
		Fail(c, node, ST_DOC_BAD_VALUE, "at least one bucket with a weight above 0", "a base without buckets");
}

const Weights *
ReadBase(Compiler *c, int node, const Citation *cite)
{
	static const Weights none;
	int			one = 1;
	Weights    *weights = NewArray(c, &one, sizeof(Weights));

	if (weights == NULL)
		return &none;
	if (CountMembers(c, node, BUCKETS + 1, "an object: bucket to weight, or { \"of\": column }") > 0 &&
		JsonMember(&c->json, node, "of") >= 0)
		ReadGross(c, node, weights);
	else
		ReadWeights(c, node, cite, weights);
	SetOrder(c, weights);
	return weights;
}

const Weights *
BasicBase(Compiler *c)
{
	static const Weights none;
	int			one = 1;
	Weights    *weights = NewArray(c, &one, sizeof(Weights));

	if (weights == NULL)
		return &none;
	weights->whole = true;
	weights->mask = 1u << BUCKET_IN_SCOPE;
	weights->milli[BUCKET_IN_SCOPE] = MILLI;
	c->named_buckets |= weights->mask;
	SetOrder(c, weights);
	return weights;
}
