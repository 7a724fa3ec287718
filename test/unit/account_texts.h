/*
 * account_texts.h — what the tests of the account's JSON form share: one account, one to read it back into, and their texts.
 */
#ifndef ASSISTANCE_ACCOUNT_TEXTS_H
#define ASSISTANCE_ACCOUNT_TEXTS_H

#include <stdlib.h>

#include "account_form.h"
#include "accounts.h"
#include "check.h"
#include "random.h"

#define MAX_TEXT (MAX_ACCOUNT_BYTES + 1)

static Fault fault;
static Account account;
static Account again;
static char text[MAX_TEXT];

/* Read from memory of exactly the needed size; the account keeps nothing of it */
static inline Status
Read(const char *json, int length, Account *into)
{
	int			scratch_size = AccountScratchNeeded(length);
	char	   *memory = malloc((size_t) (length + scratch_size + 1));
	Status		status;

	memcpy(memory, json, (size_t) length);
	memset(&fault, 0, sizeof(fault));
	status = AccountFromJson(memory, length, memory + length + 1, scratch_size, into, &fault);
	free(memory);
	return status;
}

#endif
