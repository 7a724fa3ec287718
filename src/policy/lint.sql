-- Findings: what is wrong or doubtful about one document of terms by itself.

CREATE FUNCTION assistance.terms_findings(
	terms assistance.terms,
	key_groups text[] DEFAULT '{特困,五保,三无,低保}',
	low_income text[] DEFAULT '{低保边缘,低收入}',
	OUT severity text,
	OUT finding text,
	OUT region text,
	OUT scheme text,
	OUT from_day date,
	OUT layer text,
	OUT path text,
	OUT message text,
	OUT message_zh text,
	OUT article text,
	OUT excused_by text
) RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100000 ROWS 20 AS 'MODULE_PATHNAME', 'assistance_terms_findings';
COMMENT ON FUNCTION assistance.terms_findings(assistance.terms, text[], text[]) IS
'What is wrong or doubtful about terms by themselves (docs/policy-model.md, section 15). severity: arithmetic (never excused), legal (excused_by: the exception recorded in the page), notice. key_groups, low_income: categories that count as 重点救助对象 and 低收入救助对象. path: as docs/policy-catalogue.md, section 2, writes it. article: the document and article that the finding rests on. Error MA304 for nulls in the lists.';

CREATE FUNCTION assistance.document_findings(
	document json,
	key_groups text[] DEFAULT '{特困,五保,三无,低保}',
	low_income text[] DEFAULT '{低保边缘,低收入}',
	OUT severity text,
	OUT finding text,
	OUT region text,
	OUT scheme text,
	OUT from_day date,
	OUT layer text,
	OUT path text,
	OUT message text,
	OUT message_zh text,
	OUT article text,
	OUT excused_by text
) RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100000 ROWS 20 AS 'MODULE_PATHNAME', 'assistance_document_findings';
COMMENT ON FUNCTION assistance.document_findings(json, text[], text[]) IS
'Like terms_findings, for a document: where it would be refused as terms, one arithmetic finding says why and where instead of an error. Error MA304 for nulls in the lists.';

CREATE FUNCTION assistance.finding_kind(
	OUT finding text,
	OUT severity text,
	OUT checked_by text,
	OUT since date,
	OUT article text,
	OUT meaning text,
	OUT meaning_zh text
) RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 60 AS 'MODULE_PATHNAME', 'assistance_finding_kind';
COMMENT ON FUNCTION assistance.finding_kind() IS
'Every kind of finding. severity: arithmetic, legal or notice; checked_by: document (terms_findings, document_findings) or catalogue; since: pages that end before this day are not checked for it (null: all are); article: the document and article that it rests on; meaning, meaning_zh: what it means.';
