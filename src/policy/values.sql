-- values: every value of a policy document, by path.

CREATE FUNCTION assistance.json_values(
	document json,
	OUT place integer,
	OUT path text,
	OUT page integer,
	OUT region text,
	OUT scheme text,
	OUT layer text,
	OUT rule text,
	OUT key text,
	OUT value json,
	OUT parameter boolean,
	OUT cite json,
	OUT source_document text,
	OUT article text,
	OUT quote text,
	OUT mark text
) RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 5000 ROWS 500 AS 'MODULE_PATHNAME', 'assistance_json_values';
COMMENT ON FUNCTION assistance.json_values(json) IS
'Every number, text, boolean and empty list or object of a policy document (a book, a page or a layer), in document order, with the path that names it (docs/policy-catalogue.md, section 2; a book of one page leaves pages[0] out). Citations are no values of their own: cite is the one that covers the value, its own or that of the nearest enclosing object; source_document, article, quote, mark: what it says. page: index of the page in a book. key: the last key of the path; null in a list. parameter: a number that decides amounts. Amounts in yuan, ratios as shares. Errors MA001 to MA003.';
