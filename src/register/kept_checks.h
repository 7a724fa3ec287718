/*
 * kept_checks.h — the CHECKs of claim, compiled once in a session.
 */
#ifndef ASSISTANCE_REGISTER_KEPT_CHECKS_H
#define ASSISTANCE_REGISTER_KEPT_CHECKS_H

#include "utils/rel.h"

/* Called when the library is loaded: listen to statements that start. */
extern void KeptChecksInit(void);

/* Keep the CHECKs of this table, compiled, for the statements after this one. */
extern void KeepChecks(Relation claim);

#endif
