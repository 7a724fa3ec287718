-- comment_register: what the tables and columns of the register are. Part of create_register.

CREATE PROCEDURE assistance.comment_columns(of_table text, comments text[])
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	FOR i IN 1 .. array_length(comments, 1) LOOP
		IF comments[i][1] = '' THEN
			EXECUTE format('COMMENT ON TABLE assistance_register.%I IS %L', of_table, comments[i][2]);
		ELSE
			EXECUTE format('COMMENT ON COLUMN assistance_register.%I.%I IS %L', of_table, comments[i][1], comments[i][2]);
		END IF;
	END LOOP;
END
$$;
COMMENT ON PROCEDURE assistance.comment_columns(text, text[]) IS 'Part of create_register: comments on a table of the register (empty name) and its columns.';

CREATE PROCEDURE assistance.comment_register()
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	COMMENT ON SCHEMA assistance_register IS 'The register of assistance: claims, settlements and payments. Ordinary tables that belong to whoever made them, not to the extension. Amounts are yuan, numeric(16,2). docs/register.md.';
	CALL assistance.comment_columns('person', ARRAY[['', 'a person, under a number that says nothing about them'],
		['person_id', 'number of the person'], ['region', 'insured region (参保地), for row security'], ['created_at', 'when the row came in']]);
	CALL assistance.comment_columns('person_identity', ARRAY[['', 'who a person is; granted apart from everything else'],
		['person_id', 'number of the person'], ['name', 'name'], ['identity_type', 'kind of document'], ['identity_number', 'its number'],
		['identity_token', 'keyed hash of the number, to look somebody up'], ['born_on', 'date of birth'], ['changed_at', 'when the row was last changed']]);
	CALL assistance.comment_columns('person_category', ARRAY[['', '对象认定: a category of a person, in days (valid) and as known (recorded)'],
		['person_category_id', 'number of the row'], ['person_id', 'whose'], ['category', 'policy class, as the policy names it in codes.category'],
		['valid', 'days on which it holds'], ['recorded', 'when it was known; open end: known now. Withdraw a category by ending it'],
		['evidence', 'what it rests on'], ['recorded_by', 'session user']]);
	CALL assistance.comment_columns('enrolment', ARRAY[['', '参保: an insurance of a person; at most one a day'],
		['enrolment_id', 'number of the row'], ['person_id', 'whose'], ['region', 'pooling region'], ['scheme', 'insurance scheme (险种)'],
		['person_type', 'code of the kind of insured person'], ['valid', 'days on which it holds'], ['recorded', 'when it was known; open end: known now'],
		['recorded_by', 'session user']]);
	CALL assistance.comment_columns('institution', ARRAY[['', 'a hospital or pharmacy'], ['institution_id', 'its code (定点医药机构编号)'],
		['name', 'name'], ['region', 'where it is']]);
	CALL assistance.comment_columns('institution_agreement', ARRAY[['', '定点协议: the level of an institution and whether it is designated; at most one a day. Days without one: not designated'],
		['agreement_id', 'number of the row'], ['institution_id', 'whose'], ['level', 'code of its level'], ['designated', 'designated (定点)?'],
		['document', 'the agreement'], ['valid', 'days on which it holds'], ['recorded', 'when it was known; open end: known now'],
		['recorded_by', 'session user']]);
	CALL assistance.comment_columns('referral', ARRAY[['', '转诊、异地就医备案: a referral or a registration of care elsewhere'],
		['referral_id', 'number of the row'], ['person_id', 'whose'], ['kind', 'referral or registration'], ['from_institution', 'who refers'],
		['to_institution', 'to whom; null: to any'], ['place', 'code of the place of care; null: any'], ['code', 'code of the referral state that a bill gets by it, as the policy names it in codes.referral; null: a record only'], ['reason', 'why'], ['valid', 'days on which it holds: the day of admission counts'],
		['recorded', 'when it was known; open end: known now'], ['recorded_by', 'session user']]);
	CALL assistance.comment_columns('determination', ARRAY[['', 'that a layer does not apply to a person: recorded, never implied'],
		['determination_id', 'number of the row'], ['person_id', 'whose'], ['layer', 'name of the layer'],
		['state', 'not_insured and not_applicable: the layer is not applicable; waived: given up'], ['valid', 'days on which it holds'],
		['recorded', 'when it was known; open end: known now'], ['reason', 'why'], ['evidence', 'what it rests on'], ['recorded_by', 'session user']]);
	CALL assistance.comment_columns('claim', ARRAY[['', 'a bill, an event without cost, or the reversal of one; inserting settles it. Attributes left out are looked up. Never changed'],
		['claim_id', 'number of the claim'], ['person_id', 'whose'], ['request_key', 'the sender''s key of this request: sent twice, settled once'],
		['claim_no', 'the sender''s number of the bill'], ['reverses', 'the claim that this one withdraws'], ['corrects', 'the reversed claim that this one replaces'],
		['kind', 'bill, application or year_close'], ['region', 'pooling region; null: that of the enrolment on the day of ordered_at'],
		['scheme', 'insurance scheme; null: that of the enrolment'], ['ordered_at', 'order key: end of care or first settlement, as the policy says; civil time'],
		['seq', 'order among claims of one time'], ['admitted_on', 'day of admission'], ['discharged_on', 'day of discharge'], ['settled_on', 'day of first settlement'],
		['care_type', 'code (医疗类别)'], ['level', 'code of the institution''s level; null: by its agreement on the day of admission'],
		['referral', 'code of the referral state; null: that of referral on the day of admission'], ['place', 'code of the place of care'], ['person_type', 'code; null: that of the enrolment'],
		['category', 'policy classes; null: those of person_category in the days of the stay'], ['disease', 'codes of diseases'],
		['designated', 'designated institution? null: by its agreement on the day of admission'], ['age', 'whole years'],
		['institution_id', 'where'], ['encounter', 'a stay that is billed in parts'], ['encounter_total', 'its whole cost, yuan'], ['chain', 'referral chain'],
		['total', 'whole cost, yuan'], ['in_scope', '符合政策范围, yuan'], ['excluded', '全自费, yuan'], ['over_limit', '超限价, yuan'], ['first_share', '先行自付, yuan'],
		['parts', 'named parts of columns, yuan'], ['given', 'layers computed elsewhere'], ['facts', 'facts that rules read'],
		['not_settled', '不予结算: the reason; recorded, never folded'], ['reason', 'of a reversal: why'], ['received_at', 'when it came in'],
		['received_by', 'session user']]);
	CALL assistance.comment_columns('claim_line', ARRAY[['', '费用明细: a charge line; the lines of a claim add up to its columns'],
		['claim_id', 'of which claim'], ['line_no', 'number within the claim'], ['item', 'code of the item'], ['amount', 'cost of the line, yuan'],
		['limit_amount', 'ceiling price of the whole line, yuan'], ['first_share', '先行自付 ratio'], ['excluded', '丙类, 全自费?']]);
	CALL assistance.comment_columns('settlement', ARRAY[['', 'what was posted for a claim, once. The rows of a claim add up to what holds now'],
		['settlement_id', 'number of the posting; within a person in the order of posting'], ['person_id', 'whose'], ['claim_id', 'of which claim'],
		['revision', '1, 2, 3 … within the claim'], ['entry', 'first, difference (settled again) or reversal'], ['corrects_revision', 'of a difference: the revision before'],
		['reason', 'why a difference or a reversal'], ['region', 'region of the bill'], ['scheme', 'scheme of the bill'],
		['total', 'whole cost, yuan; of a difference 0'], ['basic', '基本医疗保险, yuan'], ['critical', '大病保险, yuan'], ['supplementary', '补充保险, yuan'],
		['assistance', '医疗救助, yuan'], ['tilt', '倾斜救助, yuan'], ['emergency', '疾病应急救助, yuan'], ['government', '政府兜底, yuan'], ['other', 'other layers, yuan'],
		['charity', '慈善援助, yuan'], ['hospital', '医院负担, yuan'], ['patient', '个人负担, yuan'], ['adjustment', 'year adjustments, outside the bill, yuan'],
		['recoverable', '追回, outside the bill, yuan'], ['bill', 'the bill as folded, with what was looked up'], ['lines', 'by layer: bases, deductibles, caps (assistance.lines)'],
		['digest', 'SHA-256 of the terms'], ['engine', 'engine level of the terms'], ['known_publication', 'last act of the catalogue that was known'],
		['known_at', 'when that act became known: policies known at this moment'], ['recorded_at', 'when it was posted'], ['recorded_by', 'session user'],
		['transaction_id', 'transaction that posted it']]);
	CALL assistance.comment_columns('payment', ARRAY[['', 'one amount of one layer of one settlement; those of a settlement add up to its columns'],
		['person_id', 'whose'], ['claim_id', 'of which claim'], ['revision', 'of which settlement'], ['layer', 'name of the layer'], ['kind', 'kind of the layer'],
		['entry', 'bill (on the bill), adjustment (of the year) or recoverable'], ['place', 'of the layer in the chain'],
		['state', 'applied, no_rule, given, waived, not_applicable or alternative_paid'], ['amount', 'yuan; of differences and reversals also negative'],
		['owed_by', 'who owes it: a layer, patient or hospital'], ['owed_to', 'to whom']]);
	CALL assistance.comment_columns('recoverable', ARRAY[['', '追回: money to be recovered, with its reason'], ['recoverable_id', 'number of the recoverable'],
		['person_id', 'whose'], ['claim_id', 'of which claim'], ['revision', 'of which settlement'], ['layer', 'who gets it back'],
		['amount', 'yuan; negative: takes back an earlier one'], ['owed_by', 'who owes it'], ['reason', 'why'], ['recorded_at', 'when it was posted']]);
	CALL assistance.comment_columns('recoverable_step', ARRAY[['', 'what became of a recoverable, step by step'], ['recoverable_id', 'of which recoverable'],
		['step', '1, 2, 3 …'], ['state', 'demanded, recovered, set_off, waived or written_off'], ['amount', 'settled by this step, yuan; at most what is open'], ['note', 'note'],
		['recorded_at', 'when'], ['recorded_by', 'session user'],
		['corrects', 'of state corrected: the step that is taken back, with its amount']]);
	CALL assistance.comment_columns('person_account', ARRAY[['', 'where the fold of a person stands; settling locks the row'], ['person_id', 'whose'],
		['account', 'the account after the last claim (assistance.account)'], ['last_ordered_at', 'order key of the last claim …'], ['last_seq', '… and its number'],
		['claims', 'claims that count'], ['known_at', 'policies were known up to this moment when all was last folded anew'],
		['stale_since', 'when something about the past was last recorded that the account does not know'], ['stale_reason', 'in which table'], ['settled_at', 'when the row was last written']]);
	CALL assistance.comment_columns('resettlement', ARRAY[['', 'a request to settle a person again; inserting does it'], ['resettlement_id', 'number of the request'],
		['person_id', 'whom'], ['reason', 'why'], ['requested_at', 'when'], ['requested_by', 'session user']]);
	CALL assistance.comment_columns('resettlement_failure', ARRAY[['', 'persons whom resettle() could not settle again'], ['person_id', 'whom'],
		['failed_at', 'when the attempt began'], ['sqlstate', 'SQLSTATE'], ['message', 'message'],
		['known_publication', 'the last publication that the attempt knew; it counts until another comes']]);
	CALL assistance.comment_columns('resettle_run', ARRAY[['', 'calls of resettle() and close_year(), and how far each is; an old row may be deleted'],
		['run_id', 'number of the call'], ['task', 'resettle, or the year that is closed'],
		['process', 'process of the server'], ['started_at', 'when it was called'], ['started_by', 'session user'], ['listed', 'persons to settle when it began; null: not counted yet'],
		['settled', 'persons settled so far'], ['failed', 'persons refused; those of resettle() are noted in resettlement_failure'],
		['passed_over', 'persons left to others or to a later call'], ['updated_at', 'when its last transaction ended'], ['finished_at', 'null: it goes on, or was stopped']]);
	CALL assistance.comment_columns('seal', ARRAY[['', 'hash chain of a person''s settlements'], ['person_id', 'whose'], ['n', '1, 2, 3 … within the person'],
		['settlement_id', 'the settlement that is sealed'], ['form', 'form of the canonical text: 1 without lines of charges, 2 with them'], ['hash', 'SHA-256 over the hash before and the canonical text of the settlement'], ['sealed_at', 'when']]);
	IF to_regclass('assistance_register.claim_key') IS NOT NULL THEN
		CALL assistance.comment_columns('claim_key', ARRAY[['', 'what is once only in all partitions of claim; kept by a trigger'], ['claim_id', 'number of the claim'],
			['person_id', 'whose'], ['request_key', 'key of the request'], ['reverses', 'the claim that it takes back'],
			['ordered_at', 'order key; null for reversals and claims that are not settled'], ['seq', 'its number']]);
	END IF;
	COMMENT ON FUNCTION assistance_register.bill_of(assistance_register.claim) IS 'The bill of a claim as known now: what the claim leaves out comes from enrolments, categories, agreements and determinations.';
	COMMENT ON FUNCTION assistance_register.given_of(bigint, date, json) IS 'The given layers of a claim and those that a determination settles on a day.';
	COMMENT ON FUNCTION assistance_register.bill_with(assistance_register.claim, assistance_register.enrolment, assistance_register.institution_agreement, text[], json, text) IS 'The bill of a claim with what it leaves out.';
	COMMENT ON FUNCTION assistance_register.referral_of(bigint, date, text, text) IS 'The code of the referral or registration that holds for a person on a day, at an institution and place; null: none.';
	COMMENT ON VIEW assistance_register.claim_bill IS 'Claims with their bill as known now: what the claim leaves out comes from enrolments, categories, agreements and determinations.';
	COMMENT ON VIEW assistance_register.live_claim IS 'Claims that count: no reversal, no reversed claim, none that is not settled.';
	COMMENT ON VIEW assistance_register.net_settlement IS 'The net of each claim, in yuan: the sum of its settlements.';
	COMMENT ON VIEW assistance_register.net_payment IS 'The net of each claim, layer and entry, in yuan.';
	COMMENT ON VIEW assistance_register.recoverable_state IS 'Recoverables with their state and what is still open, yuan: less the steps that settle them and were not taken back.';
	COMMENT ON VIEW assistance_register.resettle_queue IS 'Persons whose past may look different now: something about them was recorded since, or a policy for days of their claims was published. failed_at: settling them again has failed since, and no policy has been published since then.';
END
$$;
COMMENT ON PROCEDURE assistance.comment_register() IS 'Part of create_register: comments on everything that it makes.';
