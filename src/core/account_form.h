/*
 * account_form.h — private to the core: words of the JSON form of an account that its reader and its writer share.
 *
 * Beyond account.h: a gross column accumulates under the bucket "gross"; "encounter_stays" carries "n" like "stays"; base, layer,
 * place and enter of an entered counter are always written; a period of 0 is left out.
 */
#ifndef ASSISTANCE_ACCOUNT_FORM_H
#define ASSISTANCE_ACCOUNT_FORM_H

#include "account.h"

#define ACCOUNT_FORMAT 1
#define NANO_DECIMALS 11		/* of a yuan: parts of a fen to 10^-9 */
#define GROSS "gross"

extern const char *const tally_kind_name[TALLY_KINDS];

/* Does a tally of this kind count stays or payments? */
static inline bool
IsCount(TallyKind kind)
{
	return kind == TALLY_STAYS || kind == TALLY_TIMES || kind == TALLY_ENCOUNTER_STAYS;
}

#endif
