/*
 * canonical.c — the canonical form of any JSON document, for SQL. What the document means is not asked here.
 */
#include "postgres.h"

#include "errors.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(assistance_canonical_json);
Datum
assistance_canonical_json(PG_FUNCTION_ARGS)
{
	text	   *json = PG_GETARG_TEXT_PP(0);
	int			length = (int) VARSIZE_ANY_EXHDR(json);
	int			canonical_length = 0;
	Fault		fault;
	int64		arena_size;
	char	   *arena;
	text	   *canonical;

	if (length > MAX_JSON_BYTES)
	{
		FaultFormat(&fault, ST_JSON_TOO_LARGE, "", "at most 262144 bytes", "%d bytes", length);
		ReportFault(&fault, NULL);
	}
	arena_size = ArenaNeeded(length);
	arena = palloc_extended(arena_size, MCXT_ALLOC_HUGE);
	canonical = palloc(VARHDRSZ + length);
	CheckFault(CanonicalJson(VARDATA_ANY(json), length, arena, arena_size, VARDATA(canonical), &canonical_length, &fault), &fault);
	pfree(arena);
	SET_VARSIZE(canonical, VARHDRSZ + canonical_length);
	PG_RETURN_TEXT_P(canonical);
}
