-- glance: a page of policy as a table that a service window can print: 按层次列出谁、在哪里、起付线、比例、封顶线, in Chinese and English. Made from the
-- document itself: every number that decides amounts stands in some cell. The words: glance_words.sql.

-- What a row says, in one language. item: a rule, or a fixed price, ceiling or count of the page; null with a layer that has no rule.
CREATE FUNCTION assistance.glance_cells(
	page jsonb, layer jsonb, item jsonb, kind text, zh boolean,
	OUT layer_text text, OUT rule_text text, OUT who text, OUT care text, OUT condition text, OUT base text, OUT deductible text,
	OUT pays text, OUT caps text, OUT terms text
)
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 2000 SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	codes		jsonb := page -> 'codes';
	counters	jsonb := page -> 'counters';
	persons		text[] := '{category,person_type,age}';
	places		text[] := '{care_type,level,place,referral,designated,disease}';
BEGIN
	layer_text := assistance.glance_label(layer -> 'label', layer ->> 'name', zh);
	rule_text := assistance.glance_label(item -> 'label', item ->> 'name', zh);
	who := COALESCE(assistance.glance_when(item -> 'when', persons, codes, zh), assistance.glance_either(zh, '全体参保人', 'everybody insured'));
	care := COALESCE(assistance.glance_when(item -> 'when', places, codes, zh), assistance.glance_either(zh, '不限', 'any'));
	condition := assistance.glance_when((item -> 'when') - persons - places, NULL, codes, zh);
	IF kind = 'fixed_price' THEN
		caps := assistance.glance_either(zh, '定额', 'fixed price ') || assistance.glance_parameter(item -> 'price', 'yuan', zh);
		terms := assistance.glance_either(zh, '超过定额的费用由医院承担', 'what is above it is borne by the hospital')
			|| COALESCE(assistance.glance_either(zh, '，依次减少：', ', taken in this order from: ')
				|| (SELECT string_agg(assistance.glance_bucket(b.name, page -> 'parts', zh), assistance.glance_either(zh, '、', ', ') ORDER BY b.place)
					  FROM jsonb_array_elements_text(item -> 'takes_from') WITH ORDINALITY b (name, place)), '');
	ELSIF kind = 'ceiling' THEN
		caps := assistance.glance_per(assistance.glance_bucket(item ->> 'of', NULL, zh) || ' × ' || assistance.glance_parameter(item -> 'share', 'share', zh),
			CASE item ->> 'per' WHEN 'period' THEN assistance.glance_period(counters -> (item ->> 'name'), zh)
				ELSE assistance.glance_either(zh, '每次', 'a visit') END, zh);
		terms := assistance.glance_either(zh, '合计适用于：', 'for the sum of: ') || assistance.glance_names(item -> 'layers', NULL, zh);
	ELSIF kind = 'count' THEN
		terms := assistance.glance_either(zh, '计次：', 'is counted: ') || assistance.glance_period(counters -> (item ->> 'name'), zh);
	ELSIF layer -> 'not_applicable' = 'true' THEN
		pays := assistance.glance_either(zh, '不适用', 'not applicable');
	ELSE
		base := CASE WHEN item ? 'base' OR layer ? 'base' THEN assistance.glance_base(COALESCE(item -> 'base', layer -> 'base'), page -> 'parts', zh)
			ELSE assistance.glance_bucket('in_scope', NULL, zh) END;
		terms := assistance.glance_terms(layer, item, page, zh);
		IF item IS NULL THEN
			pays := assistance.glance_either(zh, '金额由他方给出', 'an amount that is given from elsewhere');
		ELSE
			deductible := assistance.glance_deductible(item -> 'deductible', item ->> 'settles', counters, zh);
			pays := assistance.glance_pays(item, zh);
			caps := assistance.glance_caps(item, counters, zh);
		END IF;
	END IF;
END
$$;
COMMENT ON FUNCTION assistance.glance_cells(jsonb, jsonb, jsonb, text, boolean) IS 'The cells of one row of assistance.terms_at_a_glance in one language.';

CREATE FUNCTION assistance.document_at_a_glance(
	document json,
	OUT place integer, OUT region text, OUT scheme text, OUT valid daterange, OUT admitted daterange, OUT layer text, OUT kind text, OUT rule text,
	OUT layer_zh text, OUT rule_zh text, OUT who_zh text, OUT care_zh text, OUT condition_zh text, OUT base_zh text,
	OUT deductible_zh text, OUT pays_zh text, OUT caps_zh text, OUT terms_zh text,
	OUT layer_en text, OUT rule_en text, OUT who_en text, OUT care_en text, OUT condition_en text, OUT base_en text,
	OUT deductible_en text, OUT pays_en text, OUT caps_en text, OUT terms_en text,
	OUT source text, OUT mark text
) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100000 ROWS 30
	BEGIN ATOMIC
		WITH page AS MATERIALIZED (
			SELECT p.page, p.number FROM jsonb_array_elements(document::jsonb -> 'pages') WITH ORDINALITY p (page, number)
		), value AS MATERIALIZED (
			SELECT p.number, v.* FROM page p CROSS JOIN assistance.json_values(p.page::text::json) v
		), item AS (
			SELECT p.number, 1 AS part, i.place, 0 AS inner_place, p.page, NULL::jsonb AS layer, i.item, 'fixed_price' AS kind,
				   assistance.path_below('fixed_prices', i.item ->> 'name') AS path
			  FROM page p CROSS JOIN jsonb_array_elements(p.page -> 'fixed_prices') WITH ORDINALITY i (item, place)
			UNION ALL
			SELECT p.number, 2, row_number() OVER (PARTITION BY p.number ORDER BY c.key COLLATE "C"), 0, p.page, NULL,
				   c.value || jsonb_build_object('name', c.key), 'count', assistance.path_below('counts', c.key)
			  FROM page p CROSS JOIN jsonb_each(p.page -> 'counts') c
			UNION ALL
			SELECT p.number, 3, l.place, COALESCE(r.place, 0), p.page, l.layer, r.rule, l.layer ->> 'kind', NULL
			  FROM page p CROSS JOIN jsonb_array_elements(p.page -> 'layers') WITH ORDINALITY l (layer, place)
			  LEFT JOIN LATERAL jsonb_array_elements(l.layer -> 'rules') WITH ORDINALITY r (rule, place) ON true
			UNION ALL
			SELECT p.number, 4, i.place, 0, p.page, NULL, i.item, 'ceiling', assistance.path_below('ceilings', i.item ->> 'name')
			  FROM page p CROSS JOIN jsonb_array_elements(p.page -> 'ceilings') WITH ORDINALITY i (item, place)
		)
		SELECT row_number() OVER (ORDER BY i.number, i.part, i.place, i.inner_place)::integer,
			   i.page ->> 'region', i.page ->> 'scheme', daterange((i.page ->> 'from')::date, (i.page ->> 'to')::date, '[]'),
			   CASE WHEN i.page ? 'admitted' THEN daterange((i.page #>> '{admitted,from}')::date, (i.page #>> '{admitted,to}')::date, '[]') END,
			   i.layer ->> 'name', i.kind, i.item ->> 'name',
			   z.layer_text, z.rule_text, z.who, z.care, z.condition, z.base, z.deductible, z.pays, z.caps, z.terms,
			   e.layer_text, e.rule_text, e.who, e.care, e.condition, e.base, e.deductible, e.pays, e.caps, e.terms,
			   c.source, c.mark
		  FROM item i
		 CROSS JOIN assistance.glance_cells(i.page, i.layer, i.item, i.kind, true) z
		 CROSS JOIN assistance.glance_cells(i.page, i.layer, i.item, i.kind, false) e
		 CROSS JOIN LATERAL (
			SELECT string_agg(g.source, '; ' ORDER BY g.first) FILTER (WHERE g.source <> ''),
				   array_to_string(ARRAY(SELECT m FROM unnest(ARRAY['example', 'inferred', 'secondary', 'stated']) m
										  WHERE m = ANY (array_agg(g.mark))), ', ')
			  FROM (SELECT concat_ws(' ', v.source_document, v.article) AS source, v.mark, min(v.place) AS first
					  FROM value v
					 WHERE v.number = i.number AND v.cite IS NOT NULL
					   AND CASE WHEN i.path IS NULL THEN v.layer = i.layer ->> 'name' AND COALESCE(v.rule, i.item ->> 'name', '') = COALESCE(i.item ->> 'name', '')
									 AND json_typeof(v.value) <> 'string'
								ELSE starts_with(v.path, i.path || '.') END
					 GROUP BY 1, 2) g) c (source, mark);
	END;
COMMENT ON FUNCTION assistance.document_at_a_glance(json) IS 'A book as a table, as assistance.terms_at_a_glance.';

CREATE FUNCTION assistance.terms_at_a_glance(
	terms assistance.terms,
	OUT place integer, OUT region text, OUT scheme text, OUT valid daterange, OUT admitted daterange, OUT layer text, OUT kind text, OUT rule text,
	OUT layer_zh text, OUT rule_zh text, OUT who_zh text, OUT care_zh text, OUT condition_zh text, OUT base_zh text,
	OUT deductible_zh text, OUT pays_zh text, OUT caps_zh text, OUT terms_zh text,
	OUT layer_en text, OUT rule_en text, OUT who_en text, OUT care_en text, OUT condition_en text, OUT base_en text,
	OUT deductible_en text, OUT pays_en text, OUT caps_en text, OUT terms_en text,
	OUT source text, OUT mark text
) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100000 ROWS 30
	BEGIN ATOMIC
		SELECT g.* FROM assistance.document_at_a_glance(assistance.to_json(terms)) g;
	END;
COMMENT ON FUNCTION assistance.terms_at_a_glance(assistance.terms) IS
'待遇一览表: one row per layer and rule, in the order in which they are tried (fixed prices and stay counts of the page before them, ceilings after them); valid, admitted: days of the page and of admission: who, for which care and hospital, under which further condition, on what, with which deductible, what is paid, up to which cap, special terms; each in Chinese and English, amounts in yuan. A layer without rules pays an amount that is given from elsewhere. source: documents and articles; mark: how sure they are (stated, secondary, inferred, example), the least sure first. Every number of the document that decides amounts stands in some cell (a modifier of the layer only with rules whose bills it can meet).';
