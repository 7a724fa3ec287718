/*
 * names.c — how buckets, columns, code attributes and kinds of layers are written in documents, bills and accounts.
 */
#include "terms.h"

const char *const bucket_name[BUCKET_PART] = {
	"in_scope", "deductible", "over_cap", "copay", "penalty", "away_share", "first_share", "over_limit", "excluded"
};

const char *const column_name[COLUMNS] = {
	"total", "in_scope", "excluded", "over_limit", "first_share"
};

const char *const code_attribute_name[CODE_ATTRIBUTES] = {
	"care_type", "level", "referral", "place", "person_type", "category", "disease"
};

const char *const layer_kind_name[LAYER_KINDS] = {
	"basic", "critical", "supplementary", "assistance", "tilt", "emergency", "government", "charity", "other"
};
