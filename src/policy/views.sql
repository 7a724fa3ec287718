-- views: the documents of the catalogue as relations. All versions are shown, drafts too (state, recorded); amounts in yuan, ratios as
-- shares. The document stays the truth: nothing is stored here.

CREATE FUNCTION assistance.parameter_number(parameter jsonb) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 5
	BEGIN ATOMIC
		SELECT CASE jsonb_typeof(parameter) WHEN 'number' THEN (parameter #>> '{}')::numeric WHEN 'object' THEN (parameter ->> 'amount')::numeric END;
	END;
COMMENT ON FUNCTION assistance.parameter_number(jsonb) IS 'The number of a parameter; of one that follows a statistic the amount; null where it follows a fact of the person or a cost, or is not there.';

CREATE FUNCTION assistance.citation(
	sources jsonb, cite jsonb, OUT source_document text, OUT article text, OUT quote text, OUT mark text
)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10
	BEGIN ATOMIC
		SELECT sources -> (cite ->> 'source') ->> 'document', cite ->> 'article', cite ->> 'quote',
			   CASE WHEN cite IS NOT NULL THEN COALESCE(cite ->> 'mark', 'stated') END;
	END;
COMMENT ON FUNCTION assistance.citation(jsonb, jsonb) IS 'What a citation says, with the document of its source.';

CREATE VIEW assistance.policy_layer AS
	SELECT p.id AS version, p.draft, p.state, p.region, p.scheme, p.layer, d.document #>> '{layers,0,kind}' AS kind, p.valid, p.recorded,
		   COALESCE((d.document #>> '{layers,0,not_applicable}')::boolean, false) AS not_applicable,
		   d.document #> '{layers,0,base}' AS base, d.document #>> '{layers,0,alternative}' AS alternative,
		   COALESCE(jsonb_array_length(d.document #> '{layers,0,rules}'), 0) AS rules,
		   c.source_document, c.article, c.quote, c.mark,
		   d.document #> '{layers,0}' AS document, COALESCE(d.document -> 'sources', s.sources) AS sources,
		   COALESCE(d.document #> '{layers,0,cite}', d.document -> 'cite') AS cite
	  FROM assistance.policy p
	 CROSS JOIN LATERAL (SELECT p.document::jsonb AS document) d
	  LEFT JOIN LATERAL (
		SELECT o.document::jsonb -> 'sources' AS sources FROM assistance.policy o
		 WHERE o.draft = p.draft AND o.page = p.page AND o.layer = '*' AND o.region = p.region AND o.scheme = p.scheme LIMIT 1) s ON true
	 CROSS JOIN LATERAL assistance.citation(COALESCE(d.document -> 'sources', s.sources), COALESCE(d.document #> '{layers,0,cite}', d.document -> 'cite')) c
	 WHERE p.layer <> '*';
COMMENT ON VIEW assistance.policy_layer IS '层: every version of a layer with its kind, base and citation; rules: how many; document: the layer itself.';

CREATE VIEW assistance.policy_rule AS
	SELECT l.version, l.draft, l.state, l.region, l.scheme, l.layer, l.kind, l.valid, l.recorded, r.place, r.rule ->> 'name' AS rule,
		   r.rule -> 'label' AS label, r.rule -> 'when' AS condition, COALESCE(r.rule ->> 'on', 'bill') AS applies_to,
		   COALESCE(r.rule ->> 'settles', 'visit') AS settles, COALESCE(r.rule ->> 'counter', l.layer) AS counter,
		   COALESCE(r.rule -> 'base', l.base) AS base, COALESCE(assistance.parameter_number(r.rule -> 'enter'), CASE WHEN r.rule ? 'enter' THEN NULL ELSE 1 END) AS enter,
		   assistance.parameter_number(r.rule -> 'ratio') AS ratio, COALESCE(jsonb_array_length(r.rule -> 'bands'), 0) AS bands,
		   c.source_document, c.article, c.quote, c.mark, r.rule AS document, l.sources, COALESCE(r.rule -> 'cite', l.cite) AS cite
	  FROM assistance.policy_layer l
	 CROSS JOIN LATERAL jsonb_array_elements(l.document -> 'rules') WITH ORDINALITY r (rule, place)
	 CROSS JOIN LATERAL assistance.citation(l.sources, COALESCE(r.rule -> 'cite', l.cite)) c;
COMMENT ON VIEW assistance.policy_rule IS '规则: rules of every version of a layer, in the order in which they are tried (place); ratio: where the rule has one ratio, else see policy_band; enter and ratio are null where they follow a fact; document: the rule itself.';

CREATE VIEW assistance.policy_deductible AS
	SELECT r.version, r.draft, r.state, r.region, r.scheme, r.layer, r.kind, r.valid, r.recorded, r.place, r.rule,
		   assistance.parameter_number(d.value -> 'amount') AS amount, d.value -> 'amount' AS parameter,
		   COALESCE(d.value ->> 'kind', 'deductible') AS deductible_kind, d.value ->> 'counter' AS counter,
		   COALESCE((d.value ->> 'final_once_met')::boolean, false) AS final_once_met, d.value -> 'schedule' AS schedule,
		   d.value -> 'sum_cap' AS sum_cap, d.value -> 'rounding' AS rounding, c.source_document, c.article, c.quote, c.mark
	  FROM assistance.policy_rule r
	 CROSS JOIN LATERAL (SELECT r.document -> 'deductible' AS value) d
	 CROSS JOIN LATERAL assistance.citation(r.sources, COALESCE(d.value #> '{amount,cite}', d.value -> 'cite', r.cite)) c
	 WHERE d.value IS NOT NULL;
COMMENT ON VIEW assistance.policy_deductible IS '起付线: deductibles and thresholds of rules; amount in yuan, null where it follows a fact (parameter: as written).';

CREATE VIEW assistance.policy_band AS
	SELECT r.version, r.draft, r.state, r.region, r.scheme, r.layer, r.kind, r.valid, r.recorded, r.place, r.rule, b.place AS band,
		   COALESCE(lag((b.band ->> 'to')::numeric) OVER (PARTITION BY r.version, r.place ORDER BY b.place), 0) AS low, (b.band ->> 'to')::numeric AS high,
		   assistance.parameter_number(b.band -> 'ratio') AS ratio, assistance.parameter_number(b.band -> 'amount') AS amount,
		   COALESCE(r.document ->> 'banding', 'progressive') AS banding, COALESCE(r.document ->> 'edges', 'absolute') AS edges,
		   c.source_document, c.article, c.quote, c.mark
	  FROM assistance.policy_rule r
	 CROSS JOIN LATERAL jsonb_array_elements(COALESCE(r.document -> 'bands', jsonb_build_array(jsonb_build_object('ratio', r.document -> 'ratio'))))
			WITH ORDINALITY b (band, place)
	 CROSS JOIN LATERAL assistance.citation(r.sources, COALESCE(b.band #> '{ratio,cite}', b.band -> 'cite', r.cite)) c;
COMMENT ON VIEW assistance.policy_band IS '分段: bands of rules, from low to high (yuan; high null: no end) with the ratio, or the fixed amount, of each; a rule with one ratio is one band from 0. ratio and amount are null where they follow a fact.';

CREATE VIEW assistance.policy_cap AS
	SELECT r.version, r.draft, r.state, r.region, r.scheme, r.layer, r.kind, r.valid, r.recorded, r.place, r.rule, a.place AS cap,
		   assistance.parameter_number(a.cap -> 'limit') AS amount, a.cap -> 'limit' AS parameter, COALESCE(a.cap ->> 'per', 'period') AS per,
		   COALESCE(a.cap ->> 'on', 'payment') AS applies_to, a.cap ->> 'group' AS cap_group, c.source_document, c.article, c.quote, c.mark
	  FROM assistance.policy_rule r
	 CROSS JOIN LATERAL jsonb_array_elements(r.document -> 'caps') WITH ORDINALITY a (cap, place)
	 CROSS JOIN LATERAL assistance.citation(r.sources, COALESCE(a.cap #> '{limit,cite}', a.cap -> 'cite', r.cite)) c;
COMMENT ON VIEW assistance.policy_cap IS '封顶线: caps of rules; amount in yuan, null where it follows a fact (parameter: as written); cap_group null: the layer''s own.';

CREATE VIEW assistance.policy_modifier AS
	SELECT m.version, m.draft, m.state, m.region, m.scheme, m.layer, m.kind, m.valid, m.recorded, m.rule, m.place AS modifier, m.value ->> 'name' AS name,
		   m.value -> 'when' AS condition, m.value ->> 'target' AS target, o.operation,
		   assistance.parameter_number(m.value -> o.operation) AS amount, COALESCE((m.value ->> 'penalty')::boolean, false) AS penalty,
		   m.value ->> 'group' AS cap_group, c.source_document, c.article, c.quote, c.mark
	  FROM (SELECT l.version, l.draft, l.state, l.region, l.scheme, l.layer, l.kind, l.valid, l.recorded, NULL AS rule, e.place, e.value, l.sources, l.cite
			  FROM assistance.policy_layer l CROSS JOIN LATERAL jsonb_array_elements(l.document -> 'modifiers') WITH ORDINALITY e (value, place)
			UNION ALL
			SELECT r.version, r.draft, r.state, r.region, r.scheme, r.layer, r.kind, r.valid, r.recorded, r.rule, e.place, e.value, r.sources, r.cite
			  FROM assistance.policy_rule r CROSS JOIN LATERAL jsonb_array_elements(r.document -> 'modifiers') WITH ORDINALITY e (value, place)) m
	 CROSS JOIN LATERAL (SELECT k AS operation FROM unnest(ARRAY['add', 'multiply', 'set', 'remove']) k WHERE m.value ? k LIMIT 1) o
	 CROSS JOIN LATERAL assistance.citation(m.sources, COALESCE(m.value -> 'cite', m.cite)) c;
COMMENT ON VIEW assistance.policy_modifier IS '调整: modifiers of layers (rule null) and rules: under which condition which target is added to, multiplied, set or removed; amount: a share, a factor or yuan, as the target demands.';

CREATE VIEW assistance.policy_parameter AS
	SELECT p.id AS version, p.draft, p.state, p.region, p.scheme, p.layer, p.valid, p.recorded, v.rule, v.path, (v.value #>> '{}')::numeric AS value,
		   COALESCE(v.source_document, s.sources -> (v.cite ->> 'source') ->> 'document') AS source_document, v.article, v.quote, v.mark
	  FROM assistance.policy p
	 CROSS JOIN LATERAL assistance.json_values(p.document) v
	  LEFT JOIN LATERAL (
		SELECT o.document::jsonb -> 'sources' AS sources FROM assistance.policy o
		 WHERE o.draft = p.draft AND o.page = p.page AND o.layer = '*' AND o.region = p.region AND o.scheme = p.scheme LIMIT 1) s ON true
	 WHERE v.parameter;
COMMENT ON VIEW assistance.policy_parameter IS '参数: every number that decides amounts, in every version, with its path and the document, article and quote that it follows. Layer *: fixed prices, ceilings and counts of the page.';

CREATE VIEW assistance.policy_article AS
	SELECT v.source_document, v.article, v.region, v.scheme, v.layer, v.valid, v.version, v.draft, v.state, v.recorded, min(v.quote) AS quote, v.mark,
		   count(*) AS parameters, array_agg(v.path ORDER BY v.path COLLATE "C") AS paths
	  FROM assistance.policy_parameter v
	 GROUP BY v.source_document, v.article, v.region, v.scheme, v.layer, v.valid, v.version, v.draft, v.state, v.recorded, v.mark;
COMMENT ON VIEW assistance.policy_article IS '条款: which article of which document fixes which parameters (paths) of which version. quote: one of the quotes.';

GRANT SELECT ON assistance.policy_layer, assistance.policy_rule, assistance.policy_deductible, assistance.policy_band, assistance.policy_cap,
	assistance.policy_modifier, assistance.policy_parameter, assistance.policy_article TO PUBLIC;

-- ---- drafts compared, the page in force at a glance ----

CREATE FUNCTION assistance.compare_policies(
	draft_a bigint, draft_b bigint,
	OUT change text, OUT region text, OUT scheme text, OUT layer text, OUT path text,
	OUT before json, OUT after json, OUT cite_before json, OUT cite_after json
) RETURNS SETOF record
	LANGUAGE sql STABLE STRICT COST 100000 ROWS 20
	BEGIN ATOMIC
		SELECT d.* FROM assistance.compare_documents(assistance.export_policy(draft_a), assistance.export_policy(draft_b)) d;
	END;
COMMENT ON FUNCTION assistance.compare_policies(bigint, bigint) IS 'What changes from one draft to another (published ones too), as compare_policies of two terms. MA402: no such draft.';

CREATE FUNCTION assistance.policy_at_a_glance(
	region text, scheme text, on_date date, known_at timestamptz DEFAULT 'infinity',
	OUT place integer, OUT valid daterange, OUT admitted daterange, OUT layer text, OUT kind text, OUT rule text,
	OUT layer_zh text, OUT rule_zh text, OUT who_zh text, OUT care_zh text, OUT condition_zh text, OUT base_zh text,
	OUT deductible_zh text, OUT pays_zh text, OUT caps_zh text, OUT terms_zh text,
	OUT layer_en text, OUT rule_en text, OUT who_en text, OUT care_en text, OUT condition_en text, OUT base_en text,
	OUT deductible_en text, OUT pays_en text, OUT caps_en text, OUT terms_en text,
	OUT source text, OUT mark text
) RETURNS SETOF record
	LANGUAGE sql STABLE COST 300000 ROWS 30
	BEGIN ATOMIC
		SELECT g.place, g.valid, g.admitted, g.layer, g.kind, g.rule,
			   g.layer_zh, g.rule_zh, g.who_zh, g.care_zh, g.condition_zh, g.base_zh, g.deductible_zh, g.pays_zh, g.caps_zh, g.terms_zh,
			   g.layer_en, g.rule_en, g.who_en, g.care_en, g.condition_en, g.base_en, g.deductible_en, g.pays_en, g.caps_en, g.terms_en,
			   g.source, g.mark
		  FROM assistance.terms_at_a_glance(assistance.terms_at(policy_at_a_glance.region, policy_at_a_glance.scheme, on_date, known_at)) g;
	END;
COMMENT ON FUNCTION assistance.policy_at_a_glance(text, text, date, timestamptz) IS '待遇一览表: who gets what in each layer of a region and scheme on a day, as known at a moment; columns as assistance.terms_at_a_glance. Amounts in yuan. Errors as terms_at: MA401 where no page holds.';
