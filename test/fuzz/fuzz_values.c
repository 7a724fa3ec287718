/*
 * fuzz_values.c — any bytes as a bill or an account in JSON: what is read and written again reads as the same value and has the
 * same bytes from then on. The first byte says which: 'a' an account, anything else a bill.
 */
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "bill.h"

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition) do { if (!(condition)) abort(); } while (0)

static Account account;

static void
CheckFault(Status status, const Fault *fault)
{
	REQUIRE(status != ST_INTERNAL);
	REQUIRE(fault->status == status);
	REQUIRE(memchr(fault->path, '\0', MAX_FAULT_TEXT) != NULL);
	REQUIRE(memchr(fault->found, '\0', MAX_FAULT_TEXT) != NULL);
	REQUIRE(memchr(fault->expected, '\0', MAX_FAULT_TEXT) != NULL);
}

/* ---- bills ---- */

/* Writing needs exactly what it says, and stops where it is told to */
static char *
WriteBill(const Bill *bill, int *length)
{
	char	   *out;

	*length = BillToJson(bill, NULL, 0);
	out = malloc((size_t) *length);
	REQUIRE(BillToJson(bill, out, *length / 2) == *length);
	REQUIRE(BillToJson(bill, out, *length) == *length);
	return out;
}

/* The bill's text as it is written, or NULL when it is refused */
static char *
RewriteBill(const char *json, int length, int *out_length)
{
	int			size = BillScratchNeeded(length);
	char	   *scratch = malloc((size_t) size);
	char	   *out = NULL;
	Bill		bill;
	Fault		fault;
	Status		status;

	memset(&fault, 0, sizeof(fault));
	status = BillFromJson(json, length, scratch, size, &bill, &fault);
	if (status != ST_OK)
		CheckFault(status, &fault);
	else
	{
		REQUIRE(CheckBill(&bill, &fault) == ST_OK);
		out = WriteBill(&bill, out_length);
	}
	free(scratch);
	return out;
}

/* ---- accounts ---- */

static char *
WriteAccount(int *length)
{
	char	   *out;

	*length = AccountToJson(&account, NULL, 0);
	REQUIRE(*length <= MAX_ACCOUNT_BYTES);
	out = malloc((size_t) *length);
	REQUIRE(AccountToJson(&account, out, *length / 2) == *length);
	REQUIRE(AccountToJson(&account, out, *length) == *length);
	return out;
}

static char *
RewriteAccount(const char *json, int length, int *out_length)
{
	int			size = AccountScratchNeeded(length);
	char	   *scratch = malloc((size_t) size);
	Fault		fault;
	Status		status;

	memset(&fault, 0, sizeof(fault));
	status = AccountFromJson(json, length, scratch, size, &account, &fault);
	free(scratch);
	if (status == ST_OK)
		return WriteAccount(out_length);
	CheckFault(status, &fault);
	return NULL;
}

/* ---- either ---- */

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char	   *(*rewrite) (const char *json, int length, int *out_length);
	char	   *text;
	char	   *first;
	char	   *second;
	int			first_length = 0;
	int			second_length = 0;

	if (size == 0)
		return 0;
	rewrite = data[0] == 'a' ? RewriteAccount : RewriteBill;
	text = malloc(size);
	memcpy(text, data + 1, size - 1);
	first = rewrite(text, (int) size - 1, &first_length);
	if (first != NULL)
	{
		second = rewrite(first, first_length, &second_length);
		REQUIRE(second != NULL && second_length == first_length && memcmp(first, second, (size_t) first_length) == 0);
		free(second);
	}
	free(first);
	free(text);
	return 0;
}
