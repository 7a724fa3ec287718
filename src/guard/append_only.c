/*
 * append_only.c — a trigger that refuses to change or remove rows of money. It looks at nothing and has no exception.
 */
#include "postgres.h"

#include "commands/trigger.h"
#include "errors.h"
#include "utils/rel.h"

PG_FUNCTION_INFO_V1(assistance_append_only);
Datum
assistance_append_only(PG_FUNCTION_ARGS)
{
	TriggerData *data = (TriggerData *) fcinfo->context;
	const char *event;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function append_only was not called as a trigger")));
	if (TRIGGER_FIRED_BY_INSERT(data->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_ASSISTANCE_GUARD_ARGUMENTS),
				 errmsg("the trigger cannot work as it was created"),
				 errdetail("Trigger %s on table %s fires on INSERT.", data->tg_trigger->tgname,
						   RelationGetRelationName(data->tg_relation)),
				 errhint("Create it BEFORE UPDATE OR DELETE OR TRUNCATE … FOR EACH STATEMENT.")));
	event = TRIGGER_FIRED_BY_UPDATE(data->tg_event) ? "UPDATE" : TRIGGER_FIRED_BY_DELETE(data->tg_event) ? "DELETE" : "TRUNCATE";
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_APPEND_ONLY),
			 errmsg("rows of money are only added"),
			 errdetail("%s on table %s is refused by trigger %s.", event, RelationGetRelationName(data->tg_relation),
					   data->tg_trigger->tgname),
			 errhint("Insert a row that reverses the wrong one, and a right one."),
			 errtable(data->tg_relation)));
}
