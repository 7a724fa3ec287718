/*
 * claim_key.h — what is once only in the whole register, where the table of claims is partitioned.
 */
#ifndef ASSISTANCE_REGISTER_CLAIM_KEY_H
#define ASSISTANCE_REGISTER_CLAIM_KEY_H

/* Refuse a person with a claim that is in no partition, since one was detached: nothing is settled again without it. Needs SPI. */
extern void CheckClaimsAreHere(int64 person_id);

#endif
