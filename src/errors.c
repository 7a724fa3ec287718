/*
 * errors.c — turns what the core reports into SQLSTATE, message, detail and hint. The table itself stands in errors.h.
 */
#include "postgres.h"

#include "errors.h"

typedef struct StatusEntry
{
	const char *code;			/* the three characters after MA */
	const char *message;
} StatusEntry;

#define STATUS_ENTRY(status, code, message) [status] = {code, message},

static const StatusEntry status_table[] = {
	[ST_OK] = {NULL, NULL},
	STATUS_TABLE(STATUS_ENTRY)
};

StaticAssertDecl(lengthof(status_table) == ST_INTERNAL + 1, "every status has a line in STATUS_TABLE");

static int
StatusSqlstate(Status status)
{
	const char *code = status_table[status].code;

	return MAKE_SQLSTATE('M', 'A', code[0], code[1], code[2]);
}

/* Where the fault is and what stands there: in a document its path, line and column, in a bill the attribute. */
static int
FaultDetail(const Fault *fault)
{
	if (fault->path[0] == '\0' && fault->found[0] == '\0')
		return 0;
	if (fault->line > 0 && fault->path[0] != '\0')
		return errdetail("%s (line %d, column %d): found %s.", fault->path, fault->line, fault->column, fault->found);
	if (fault->line > 0)
		return errdetail("Line %d, column %d: found %s.", fault->line, fault->column, fault->found);
	if (fault->path[0] != '\0')
		return errdetail("%s: %s.", fault->path, fault->found);
	return errdetail("Found %s.", fault->found);
}

static int
FaultHint(const Fault *fault)
{
	return fault->expected[0] == '\0' ? 0 : errhint("Expected %s.", fault->expected);
}

void
ReportFault(const Fault *fault, Node *escontext)
{
	Assert(fault->status > ST_OK && fault->status <= ST_INTERNAL);
	errsave(escontext,
			(errcode(StatusSqlstate(fault->status)),
			 errmsg("%s", status_table[fault->status].message),
			 FaultDetail(fault),
			 FaultHint(fault)));
}

void
RefuseBill(const Fault *fault, const Bill *bill)
{
	char		at[64];
	JsonWriter	w = {at, sizeof(at), 0, false};

	JsonTimestamp(&w, bill->ordered_at);
	ereport(ERROR,
			(errcode(StatusSqlstate(fault->status)),
			 errmsg("%s", status_table[fault->status].message),
			 FaultDetail(fault),
			 FaultHint(fault),
			 errcontext("settling the bill of %.*s, seq %lld", w.length, at, (long long) bill->seq)));
}

void
RefuseNull(const char *argument)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_NULL),
			 errmsg("%s must not be null", argument),
			 strcmp(argument, "terms") == 0 || strcmp(argument, "study") == 0 || strcmp(argument, "scenarios") == 0 ?
			 errhint("Check that the subquery for the %s finds a row.", argument) :
			 errhint("Leave out rows without %s with WHERE … IS NOT NULL.", argument)));
}

void
RefuseDamaged(const char *type)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_DAMAGED),
			 errmsg("damaged value of type assistance.%s", type),
			 errdetail("The bytes are of no format that this version of the extension knows."),
			 errhint("Restore the value from a backup, or update the extension if a newer version wrote it.")));
}
