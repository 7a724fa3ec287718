/*
 * lint_fault.c — the finding that a document which does not compile has: the kind of the compiler's fault, from its status and
 * from where it stands.
 */
#include <string.h>

#include "lint.h"

/* The key under which a node stands, or the key of the array that holds it; -1 for the document itself */
static int
KeyOfNode(const Json *json, int node)
{
	int			found = -1;

	for (int key = 0; key < node; key++)
		if (json->nodes[key].type == JSON_OBJECT && json->nodes[key].next > node)
			for (int member = key + 1; member <= node; member = json->nodes[member + 1].next)
				if (member == node || json->nodes[member + 1].next > node)
					found = member;
	return found;
}

/* Is the node's key one of these words? The last is NULL. */
static bool
KeyIs(const Json *json, int node, const char *const *words)
{
	int			key = KeyOfNode(json, node);

	for (; key >= 0 && *words != NULL; words++)
		if (JsonIs(json, key, *words))
			return true;
	return false;
}

/* A number that is not accepted: a ratio or share outside 0 … 1 begins with another digit than 0 */
static FindingKind
OfNumber(const Fault *fault, const Json *json)
{
	char		first = json->text[json->nodes[fault->node].start];
	bool		share = strncmp(fault->expected, "a ratio from 0 to 1 ", 20) == 0 ||
		strncmp(fault->expected, "a share from 0 to 1 ", 20) == 0;

	return share && first != '0' ? FINDING_RATIO_ABOVE_ONE : FINDING_BAD_NUMBER;
}

/* Two pages on one day, or a name twice */
static FindingKind
OfDuplicate(const Fault *fault, const Json *json)
{
	static const char *const from[] = {"from", NULL};

	return KeyIs(json, fault->node, from) ? FINDING_OVERLAP : FINDING_DUPLICATE_NAME;
}

/* The order of layers stands at a kind; of amounts only a derived one can contradict by its value */
static FindingKind
OfConflict(const Fault *fault, const Json *json)
{
	static const char *const kind[] = {"kind", NULL};

	if (json->nodes[fault->node].type == JSON_NUMBER)
		return FINDING_DERIVED_AMOUNT;
	return KeyIs(json, fault->node, kind) ? FINDING_LAYER_ORDER : FINDING_CONTRADICTION;
}

/* A code that a condition tests, or another name */
static FindingKind
OfName(const Fault *fault, const Json *json)
{
	static const char *const codes[] = {
		"care_type", "level", "referral", "place", "person_type", "category", "disease", NULL
	};

	return KeyIs(json, fault->node, codes) ? FINDING_UNKNOWN_CODE : FINDING_UNKNOWN_NAME;
}

FindingKind
FaultKind(const Fault *fault, const Json *json)
{
	static const char *const derived[] = {"derived", NULL};

	switch (fault->status)
	{
		case ST_JSON_SYNTAX:
		case ST_JSON_TOO_DEEP:
			return FINDING_NOT_JSON;
		case ST_JSON_TOO_LARGE:
		case ST_DOC_LIMIT:
			return FINDING_TOO_LARGE;
		case ST_DOC_UNKNOWN_KEY:
			return FINDING_UNKNOWN_KEY;
		case ST_DOC_MISSING_KEY:
			return KeyIs(json, fault->node, derived) ? FINDING_MISSING_STATISTIC : FINDING_MISSING_KEY;
		case ST_DOC_WRONG_TYPE:
			return FINDING_WRONG_TYPE;
		case ST_DOC_BAD_VALUE:
			return json->nodes[fault->node].type == JSON_NUMBER ? OfNumber(fault, json) : FINDING_BAD_VALUE;
		case ST_DOC_UNKNOWN_NAME:
			return OfName(fault, json);
		case ST_DOC_DUPLICATE:
			return OfDuplicate(fault, json);
		case ST_DOC_BANDS:
			return FINDING_BANDS_INVERTED;
		case ST_DOC_BANDS_GAP:
			return FINDING_BANDS_GAP;
		case ST_DOC_CONFLICT:
			return OfConflict(fault, json);
		case ST_DOC_NO_CITATION:
			return FINDING_MISSING_CITATION;
		case ST_DOC_VERSION:
			return FINDING_UNKNOWN_VERSION;
		default:
			return FINDING_NOT_COMPILABLE;
	}
}
