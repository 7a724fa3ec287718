/*
 * assistance.c — the library as a whole: its start and its version. Features live in their own rooms.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "assistance.h"
#include "catalog/indexing.h"
#include "catalog/pg_extension.h"
#include "commands/extension.h"
#include "compat.h"
#include "fen.h"
#include "register/kept_checks.h"
#include "settle/settle_scan.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"

PG_MODULE_MAGIC;

PGDLLEXPORT void _PG_init(void);

void
_PG_init(void)
{
	FenInit();
	SettleScanInit();
	KeptChecksInit();
}

/* extversion of the installed extension, or NULL where it is not installed */
static char *
InstalledVersion(void)
{
	Relation	catalog = table_open(ExtensionRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	char	   *version = NULL;

	ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber, F_NAMEEQ, CStringGetDatum("assistance"));
	scan = systable_beginscan(catalog, ExtensionNameIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		bool		isnull;
		Datum		value = heap_getattr(tuple, Anum_pg_extension_extversion, RelationGetDescr(catalog), &isnull);

		if (!isnull)
			version = TextDatumGetCString(value);
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return version;
}

/*
 * Is the SQL side of the same version as this library? Asked once per backend, at the first book that is opened;
 * scripts of CREATE and ALTER EXTENSION are let pass.
 */
void
CheckVersion(void)
{
	static bool checked = false;
	char	   *version;

	if (checked || creating_extension)
		return;
	version = InstalledVersion();
	if (version != NULL && strcmp(version, ASSISTANCE_VERSION) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("library and extension assistance are of different versions"),
				 errdetail("The library is %s, the SQL objects are %s.", ASSISTANCE_VERSION, version),
				 errhint("Run ALTER EXTENSION assistance UPDATE TO '%s', or install the matching library and reconnect.",
						 ASSISTANCE_VERSION)));
	checked = true;
}

PG_FUNCTION_INFO_V1(assistance_version);
Datum
assistance_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(ASSISTANCE_VERSION));
}
