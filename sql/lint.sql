-- lint.sql — findings about one document: a good one has none; each of the others differs from it in one place.

CREATE TABLE test.good (document jsonb);
INSERT INTO test.good VALUES ('{"format": 1, "engine": 1, "pages": [{
	"title": "Good terms", "region": "T", "scheme": "resident", "from": "2022-01-01", "to": "2023-12-31",
	"sources": {"S": {"document": "Test", "grade": "A"}}, "cite": {"source": "S", "article": "1"},
	"codes": {"care_type": {"11": "outpatient", "21": "inpatient", "52": "maternity"}, "level": {"1": "first", "2": "second"},
			  "category": {"特困": "特困", "低保": "低保", "低收入": "低收入", "因病致贫": "因病致贫"}},
	"layers": [
		{"name": "basic", "kind": "basic", "rules": [
			{"name": "inpatient", "when": {"care_type": ["21", "52"]}, "deductible": {"amount": 500}, "ratio": 0.7, "caps": [{"limit": 100000}]},
			{"name": "outpatient", "when": {"care_type": ["11"]}, "ratio": 0.5}]},
		{"name": "critical", "kind": "critical", "base": {"deductible": 1, "copay": 1, "over_cap": 1, "penalty": 0},
		 "modifiers": [
			{"name": "half", "when": {"category": ["特困", "低保"]}, "target": "deductible", "multiply": 0.5},
			{"name": "more", "when": {"category": ["特困", "低保"]}, "target": "ratio", "add": 0.05},
			{"name": "open", "when": {"category": ["特困", "低保"]}, "target": "annual_cap", "remove": true}],
		 "rules": [
			{"name": "year", "settles": "year", "deductible": {"amount": 10000}, "bands": [{"to": 50000, "ratio": 0.6}, {"ratio": 0.65}],
			 "caps": [{"limit": 300000}]}]},
		{"name": "insurer", "kind": "supplementary", "base": {"copay": 1}, "rules": []},
		{"name": "aid", "kind": "assistance", "base": {"deductible": 1, "copay": 1, "over_cap": 1}, "rules": [
			{"name": "key", "when": {"category": ["特困", "低保"]}, "bands": [{"to": 10000, "ratio": 0.7}, {"ratio": 0.8}], "caps": [{"limit": 30000}]},
			{"name": "low", "when": {"category": ["低收入"]}, "deductible": {"amount": 1000}, "ratio": 0.65, "caps": [{"limit": 30000}]},
			{"name": "ill", "when": {"category": ["因病致贫"]}, "deductible": {"amount": 5000}, "ratio": 0.6, "caps": [{"limit": 30000}]}]},
		{"name": "tilt", "kind": "tilt", "base": {"deductible": 1, "copay": 1, "over_cap": 1}, "rules": [
			{"name": "rest", "deductible": {"amount": 3000}, "ratio": 0.5}]},
		{"name": "gift", "kind": "charity", "base": {"copay": 1}, "rules": []}]}]}');

SET datestyle = iso;
SELECT * FROM test.good, assistance.document_findings(document::json);

CREATE TABLE test.bad (id int PRIMARY KEY, kind text, path text[], value jsonb);
INSERT INTO test.bad VALUES
	(1, 'unknown_version', '{format}', '2'),
	(2, 'unknown_key', '{pages,0,layers,3,rules,0,ratoi}', '0.7'),
	(3, 'missing_key', '{pages,0,layers,3,rules,1,ratio}', NULL),
	(4, 'missing_key', '{pages,0,layers,3,base}', NULL),
	(5, 'wrong_type', '{pages,0,layers,3,rules,1,ratio}', '"65%"'),
	(6, 'bad_value', '{pages,0,from}', '"2022-13-01"'),
	(7, 'bad_number', '{pages,0,layers,3,rules,1,caps,0,limit}', '-1'),
	(8, 'bad_number', '{pages,0,layers,3,rules,1,ratio}', '0.6500001'),
	(9, 'ratio_above_one', '{pages,0,layers,3,rules,1,ratio}', '65'),
	(10, 'ratio_above_one', '{pages,0,layers,3,rules,1,ratio}', '-0.65'),
	(11, 'bands_gap', '{pages,0,layers,3,rules,0,bands,1,from}', '10000.01'),
	(12, 'bands_inverted', '{pages,0,layers,3,rules,0,bands,1,from}', '9999.99'),
	(13, 'bands_inverted', '{pages,0,layers,3,rules,0,bands,0,to}', '0'),
	(14, 'missing_citation', '{pages,0,cite}', NULL),
	(15, 'unknown_code', '{pages,0,layers,3,rules,2,when,category,0}', '"孤儿"'),
	(16, 'unknown_name', '{pages,0,layers,2,cite}', '{"source": "X"}'),
	(17, 'unknown_name', '{pages,0,layers,3,rules,0,when,paid_by}', '["basci"]'),
	(18, 'duplicate_name', '{pages,0,layers,3,rules,1,name}', '"key"'),
	(19, 'duplicate_name', '{pages,0,layers,3,rules,0,when,category,1}', '"特困"'),
	(20, 'contradiction', '{pages,0,layers,3,rules,1,bands}', '[{"ratio": 0.5}]'),
	(21, 'layer_order', '{pages,0,layers,2,kind}', '"basic"'),
	(22, 'layer_order', '{pages,0,layers,0,kind}', '"assistance"'),
	(23, 'derived_amount', '{pages,0,layers,3,rules,2,deductible,amount}', '{"amount": 5000, "derived": {"statistic": "disposable_income", "region": "T", "year": 2021, "value": 48000, "share": 0.1}}'),
	(24, 'missing_statistic', '{pages,0,layers,3,rules,2,deductible,amount}', '{"derived": {"statistic": "disposable_income", "share": 0.1, "lag": 1}}'),
	(25, 'too_large', '{pages,0,layers,3,rules,0,when,any}', '[{"level": ["1"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}, {"level": ["2"]}]'),
	(26, 'unreachable_rule', '{pages,0,layers,3,rules,2,when,category}', '["低收入"]'),
	(27, 'unreachable_rule', '{pages,0,layers,0,rules,0,when,none}', '[{"care_type": ["21", "52"]}]'),
	(28, 'unreachable_rule', '{pages,0,layers,4,rules,0,when}', '{"date": {"from": "2024-01-01"}}'),
	(29, 'unreachable_page', '{pages,0,admitted}', '{"from": "2024-01-01"}'),
	(30, 'cap_below_deductible', '{pages,0,layers,0,rules,0,caps,0,limit}', '0'),
	(31, 'cap_below_deductible', '{pages,0,layers,3,rules,1,caps,0}', '{"limit": 1000, "on": "base", "group": "entering"}'),
	(32, 'cap_below_deductible', '{pages,0,layers,3,rules,2}', '{"name": "ill", "when": {"category": ["因病致贫"]}, "deductible": {"amount": 5000}, "bands": [{"to": 5000, "ratio": 0.6}]}'),
	(33, 'burden_regressive', '{pages,0,layers,3,rules,0,bands,0,ratio}', '0.9'),
	(34, 'burden_regressive', '{pages,0,layers,1,rules,0,bands,0,ratio}', '0.66'),
	(35, 'key_below_low_income', '{pages,0,layers,3,rules,1,ratio}', '0.85'),
	(36, 'key_below_other', '{pages,0,layers,3,rules,2,ratio}', '0.9'),
	(37, 'low_income_below_other', '{pages,0,layers,3,rules,2,deductible,amount}', '500'),
	(38, 'key_group_deductible', '{pages,0,layers,3,rules,0,deductible}', '{"amount": 100}'),
	(39, 'key_group_deductible', '{pages,0,layers,3,rules,0,bands}', '[{"to": 100, "ratio": 0}, {"ratio": 0.8}]'),
	(40, 'key_group_ratio_below_70', '{pages,0,layers,3,rules,0,bands,0,ratio}', '0.69'),
	(41, 'key_group_ratio_below_70', '{pages,0,layers,3,rules,0,enter}', '0.99'),
	(42, 'critical_ratio_below_60', '{pages,0,layers,1,rules,0,bands,0,ratio}', '0.59'),
	(43, 'hardship_critical_not_better', '{pages,0,layers,1,modifiers,0,multiply}', '0.51'),
	(44, 'hardship_critical_not_better', '{pages,0,layers,1,modifiers,1,add}', '0.04'),
	(45, 'hardship_critical_not_better', '{pages,0,layers,1,modifiers,2,target}', '"visit_cap"'),
	(46, 'insurer_after_assistance', '{pages,0,layers,5,kind}', '"supplementary"'),
	(47, 'rules_not_comparable', '{pages,0,layers,0,rules,1,when}', NULL),
	(48, 'never_pays', '{pages,0,layers,4,rules,0,ratio}', '0'),
	(49, 'too_many_factors', '{pages,0,layers,4,modifiers}', '[{"target": "ratio", "multiply": 0.9}, {"target": "self_share", "multiply": 0.9}, {"target": "ratio", "multiply": 0.9}]'),
	(50, 'not_fully_compared', '{pages,0,layers,3,rules,1,base}', '{"copay": 1}'),
	(51, 'example_value', '{pages,0,layers,4,rules,0,cite}', '{"source": "S", "mark": "example"}'),
	(52, 'inferred_value', '{pages,0,layers,3,rules,0,bands,1,cite}', '{"source": "S", "mark": "inferred"}'),
	(53, 'secondary_value', '{pages,0,layers,1,modifiers,1,cite}', '{"source": "S", "mark": "secondary"}'),
	(54, 'grade_d_source', '{pages,0,sources,S,grade}', '"D"'),
	(55, 'unused_exception', '{pages,0,exceptions}', '[{"who": "w", "why": "y", "article": "a", "finding": "burden_regressiv"}]');
CREATE VIEW test.bad_document AS
	SELECT id, kind, (CASE WHEN value IS NULL THEN document #- path ELSE jsonb_set(document, path, value) END)::json AS document
	  FROM test.bad, test.good;

\pset format unaligned
\pset fieldsep ' | '
\pset tuples_only on
-- what is found, and in the first column whether it is what the change was for
SELECT b.id, CASE f.finding WHEN b.kind THEN 'as meant' ELSE b.kind END, f.severity, f.finding, f.from_day, f.layer, f.path
  FROM test.bad_document b LEFT JOIN LATERAL assistance.document_findings(b.document) f ON true ORDER BY b.id, f.finding, f.path;
-- in words; those about codes name who and where
SELECT b.id, f.message, f.message_zh
  FROM test.bad_document b, assistance.document_findings(b.document) f WHERE f.finding = b.kind ORDER BY b.id, f.path;
-- with the article that they rest on
SELECT DISTINCT f.finding, f.article
  FROM test.bad_document b, assistance.document_findings(b.document) f WHERE f.finding = b.kind AND f.severity = 'legal' ORDER BY 1;
-- every kind that a document by itself can have is shown here, but for what only a defect or a catalogue can make
SELECT finding FROM assistance.finding_kind() WHERE checked_by = 'document' AND finding NOT IN (SELECT kind FROM test.bad) ORDER BY 1;

-- documents that are no JSON or state a page twice, and where the fault is on the second of two pages
SELECT severity, finding, path, message FROM assistance.document_findings('{"format": 1, "format": 1}');
SELECT f.severity, f.finding, f.region, f.scheme, f.from_day, f.path, f.message
  FROM test.good, assistance.document_findings(jsonb_set(document, '{pages,1}', document #> '{pages,0}')::json) f;
SELECT f.severity, f.finding, f.scheme, f.layer, f.path
  FROM test.good, assistance.document_findings(jsonb_set(document, '{pages,1}', jsonb_set(jsonb_set(document #> '{pages,0}', '{scheme}', '"a.b"'),
		'{layers,4,rules,0,ratio}', '0'))::json) f;
SELECT f.finding, f.path FROM test.good, assistance.document_findings(jsonb_set(document, '{pages,0,codes,level,1.5}', '7')::json) f;

-- a recorded exception excuses a legal finding of its layer, or of every layer, and nothing else
SELECT n, f.severity, f.finding, f.layer, f.excused_by
  FROM test.good, (VALUES (1, '{"finding": "burden_regressive", "layer": "aid"}'::jsonb), (2, '{"finding": "burden_regressive"}'),
						  (3, '{"finding": "burden_regressive", "layer": "tilt"}'), (4, '{}')) v (n, exception),
	   assistance.document_findings(jsonb_set(jsonb_set(document, '{pages,0,layers,3,rules,0,bands,0,ratio}', '0.9'), '{pages,0,exceptions}',
		jsonb_build_array('{"who": "P0001", "why": "in force since 2016", "article": "5"}' || exception))::json) f
 ORDER BY n, f.finding;

-- before the documents were in force nothing is found; until the end of 2015 half is enough
SELECT v.to_day, v.ratio, f.finding, f.message
  FROM test.good, (VALUES ('2015-12-31', '0.5'), ('2015-12-31', '0.49'), ('2016-01-01', '0.69'), ('2012-05-24', '0.3')) v (to_day, ratio)
  LEFT JOIN LATERAL assistance.document_findings(jsonb_set(jsonb_set(jsonb_set(jsonb_set((SELECT document FROM test.good), '{pages,0,from}', '"2010-01-01"'),
		'{pages,0,to}', to_jsonb(v.to_day)), '{pages,0,layers,3,rules,0,bands,0,ratio}', v.ratio::jsonb), '{pages,0,layers,3,rules,1,ratio}', '0.2')::json) f
	ON f.finding LIKE 'key_group%'
 ORDER BY v.to_day, v.ratio;

-- who counts as what is the caller's to say
SELECT f.finding, f.message FROM test.good, assistance.document_findings(document::json, '{因病致贫}', '{低收入}') f ORDER BY 1, 2;
SELECT f.finding FROM test.good, assistance.terms_findings(jsonb_set(document, '{pages,0,layers,3,rules,0,deductible}', '{"amount": 100}')::text::assistance.terms, '{}', '{}') f;
SELECT * FROM assistance.terms_findings((SELECT document FROM test.good)::text::assistance.terms, ARRAY['特困', NULL]);

-- terms_findings finds in terms what document_findings finds in their document
SELECT count(*) FROM test.policy p
 WHERE (SELECT array_agg(f ORDER BY f::text) FROM assistance.terms_findings(p.terms) f)::text
	IS DISTINCT FROM (SELECT array_agg(f ORDER BY f::text) FROM assistance.document_findings(p.terms::json) f)::text;

-- the table of kinds
SELECT severity, checked_by, count(*) FROM assistance.finding_kind() GROUP BY 1, 2 ORDER BY 1, 2;
SELECT count(*) FROM assistance.finding_kind() WHERE meaning IS NULL OR meaning_zh IS NULL OR (severity = 'legal') <> (since IS NOT NULL);
\pset tuples_only off
\pset format aligned

DROP VIEW test.bad_document;
DROP TABLE test.bad, test.good;
