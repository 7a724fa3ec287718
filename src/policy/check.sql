-- check: what stands against publishing a draft. What a document says by itself is checked by the core (document_findings); here:
-- versions, regions, inheritance and dictionaries.

-- Regions and schemes whose pages a draft changes: its own and all that inherit from them, on the days of the draft.
CREATE FUNCTION assistance.draft_reach(draft bigint) RETURNS TABLE (region text, scheme text, days datemultirange)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 10 COST 10000
	BEGIN ATOMIC
		WITH RECURSIVE star AS MATERIALIZED (
			SELECT f.region, f.scheme, f.valid, f.inherits FROM assistance.policy_in_force('infinity', draft_reach.draft) f WHERE f.layer = '*'
		), reach (region, scheme, valid, path) AS (
			SELECT p.region, p.scheme, p.valid, ARRAY[p.region]
			  FROM assistance.policy p WHERE p.draft = draft_reach.draft AND p.state = 'draft'
			UNION ALL
			SELECT s.region, s.scheme, s.valid * r.valid, r.path || s.region
			  FROM reach r JOIN star s ON s.inherits = r.region AND s.scheme = r.scheme AND s.valid && r.valid
			 WHERE s.region <> ALL (r.path)
		)
		SELECT r.region, r.scheme, range_agg(r.valid) FROM reach r GROUP BY r.region, r.scheme;
	END;
COMMENT ON FUNCTION assistance.draft_reach(bigint) IS 'Regions and schemes whose pages a draft changes, with the days: its own and those that inherit from them.';

-- Days of a draft's neighbourhood that nothing covers, and transitions that lead back to nothing.
CREATE FUNCTION assistance.time_findings(draft bigint)
	RETURNS TABLE (finding text, region text, scheme text, layer text, path text, message text, message_zh text)
	LANGUAGE plpgsql STABLE ROWS 5 SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' COST 100000
	AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT 'overlap', a.region, a.scheme, NULLIF(a.layer, '*'), NULL::text,
		   format('two versions of the draft hold from %s', lower(a.valid * b.valid)), format('草案中两个版本自%s起重叠', lower(a.valid * b.valid))
	  FROM assistance.policy a JOIN assistance.policy b
		ON (b.draft, b.region, b.scheme, b.layer) = (a.draft, a.region, a.scheme, a.layer) AND b.id > a.id AND b.valid && a.valid
	 WHERE a.draft = time_findings.draft AND a.state = 'draft' AND b.state = 'draft';

	RETURN QUERY
	WITH covered AS (
		SELECT f.region, f.scheme, range_agg(f.valid) AS days, range_agg(f.valid) FILTER (WHERE p.state = 'draft') AS own
		  FROM assistance.policy_in_force('infinity', time_findings.draft) f JOIN assistance.policy p ON p.id = f.version
		 WHERE f.layer = '*' GROUP BY f.region, f.scheme
	)
	SELECT 'gap', c.region, c.scheme, NULL::text, NULL::text,
		   format('no page from %s to %s', lower(hole), upper(hole) - 1), format('%s至%s没有政策', lower(hole), upper(hole) - 1)
	  FROM covered c CROSS JOIN LATERAL unnest(datemultirange(range_merge(c.days)) - c.days) hole
	 WHERE EXISTS (SELECT FROM unnest(c.own) o WHERE o -|- hole);

	-- layers without a page of their own region
	RETURN QUERY
	SELECT 'gap', d.region, d.scheme, d.layer, NULL::text,
		   format('%s has no page of its own from %s', d.region, lower(hole)), format('自%s起本地没有政策页', lower(hole))
	  FROM assistance.policy d
	 CROSS JOIN LATERAL (
		SELECT range_agg(f.valid) AS days FROM assistance.policy_in_force('infinity', time_findings.draft) f
		 WHERE f.layer = '*' AND (f.region, f.scheme) = (d.region, d.scheme)) s
	 CROSS JOIN LATERAL unnest(datemultirange(d.valid) - COALESCE(s.days, '{}')) hole
	 WHERE d.draft = time_findings.draft AND d.state = 'draft' AND d.layer <> '*';

	RETURN QUERY
	SELECT 'transition_without_predecessor', d.region, d.scheme, NULLIF(d.layer, '*'), 'transition.admitted_from',
		   format('nothing is in force on %s that stays admitted before %s could keep', lower(d.valid) - 1, d.transition),
		   format('%s没有可供%s前入院者沿用的政策', lower(d.valid) - 1, d.transition)
	  FROM assistance.policy d
	 WHERE d.draft = time_findings.draft AND d.state = 'draft' AND d.transition IS NOT NULL
	   AND NOT EXISTS (SELECT FROM assistance.policy_in_force('infinity', time_findings.draft) f
						WHERE (f.region, f.scheme, f.layer) = (d.region, d.scheme, '*') AND f.valid @> lower(d.valid) - 1);

	RETURN QUERY
	SELECT 'backdated_without_reason', d.region, d.scheme, NULL::text, NULL::text, r.why || ' Publishing it takes a reason.', '发布须说明原因'
	  FROM assistance.reason_needed(time_findings.draft, (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date) r(why)
	 CROSS JOIN LATERAL (SELECT p.region, p.scheme FROM assistance.policy p
						  WHERE p.draft = time_findings.draft ORDER BY p.page, p.place LIMIT 1) d
	 WHERE r.why IS NOT NULL;
END
$$;
COMMENT ON FUNCTION assistance.time_findings(bigint) IS 'Findings about the days of a draft''s versions: overlap, gap, transition_without_predecessor, backdated_without_reason.';

-- Pages that would not hold, though their region has a version.
CREATE FUNCTION assistance.reach_findings(draft bigint)
	RETURNS TABLE (finding text, region text, scheme text, layer text, path text, message text, message_zh text)
	LANGUAGE plpgsql STABLE ROWS 5 SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' COST 100000
	AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH reach AS MATERIALIZED (
		SELECT r.region, r.scheme, r.days FROM assistance.draft_reach(reach_findings.draft) r
	), page AS MATERIALIZED (
		SELECT p.region, p.scheme, p.valid, p.missing
		  FROM (SELECT array_agg(r.region) AS regions FROM reach r) r
		 CROSS JOIN LATERAL assistance.policy_pages(r.regions, NULL, 'infinity', reach_findings.draft) p
	), hole AS (
		SELECT r.region, r.scheme, unnest(s.days * r.days - COALESCE((
				SELECT range_agg(p.valid) FROM page p WHERE (p.region, p.scheme) = (r.region, r.scheme) AND p.missing IS NULL), '{}')) AS days
		  FROM reach r
		  JOIN (SELECT f.region, f.scheme, range_agg(f.valid) AS days FROM assistance.policy_in_force('infinity', reach_findings.draft) f
				 WHERE f.layer = '*' GROUP BY f.region, f.scheme) s USING (region, scheme)
	)
	SELECT CASE WHEN w.why LIKE '%itself%' THEN 'cyclic_inheritance' WHEN w.why LIKE 'no version of layer%' THEN 'layer_missing' ELSE 'unknown_superior' END,
		   h.region, h.scheme, (SELECT p.missing[1] FROM page p WHERE (p.region, p.scheme) = (h.region, h.scheme) AND p.valid @> lower(h.days) LIMIT 1),
		   NULL::text, format('%s to %s: %s', lower(h.days), COALESCE((upper(h.days) - 1)::text, 'an open end'), w.why),
		   format('%s至%s没有可用的政策页', lower(h.days), COALESCE((upper(h.days) - 1)::text, '长期'))
	  FROM hole h
	 CROSS JOIN LATERAL assistance.why_no_page(h.region, h.scheme, lower(h.days), 'infinity', reach_findings.draft) w(why);

	RETURN QUERY
	SELECT 'not_a_superior', d.region, d.scheme, NULL::text, 'inherits', format('%s does not stand above %s', d.inherits, d.region),
		   format('%s不是%s的上级', d.inherits, d.region)
	  FROM assistance.policy d
	 WHERE d.draft = reach_findings.draft AND d.state = 'draft' AND d.inherits <> d.region
	   AND d.inherits <> ALL (assistance.superiors(d.region));
END
$$;
COMMENT ON FUNCTION assistance.reach_findings(bigint) IS 'Findings about pages that would not hold with a draft, also of regions that inherit: cyclic_inheritance, unknown_superior, not_a_superior, layer_missing.';

-- Codes that the dictionaries do not have, figures that are not there.
CREATE FUNCTION assistance.dictionary_findings(draft bigint)
	RETURNS TABLE (finding text, region text, scheme text, layer text, path text, message text, message_zh text)
	LANGUAGE plpgsql STABLE ROWS 5 SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' COST 100000
	AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT c.finding, d.region, d.scheme, NULL::text, c.path, format('%s is not in the dictionary', c.code), format('字典中没有%s', c.code)
	  FROM (SELECT DISTINCT ON (p.region, p.scheme) p.region, p.scheme, lower(p.valid) AS day FROM assistance.policy p
			 WHERE p.draft = dictionary_findings.draft AND p.state = 'draft' ORDER BY p.region, p.scheme, p.valid) d
	 CROSS JOIN LATERAL (VALUES
			('unknown_region', 'region', d.region, EXISTS (SELECT FROM assistance.region r WHERE r.code = d.region)),
			('unknown_scheme', 'scheme', d.scheme, EXISTS (SELECT FROM assistance.find_code('scheme', d.scheme, d.region, d.day)))) c(finding, path, code, known)
	 WHERE NOT c.known;

	RETURN QUERY
	SELECT DISTINCT 'unknown_' || a.key, d.region, d.scheme, NULL::text, format('codes.%s.%s', a.key, c.key),
		   format('%s is not in the dictionary', c.key), format('字典中没有%s', c.key)
	  FROM assistance.policy d
	 CROSS JOIN LATERAL json_each(d.document -> 'codes') a
	 CROSS JOIN LATERAL json_each(a.value) c
	 WHERE d.draft = dictionary_findings.draft AND d.state = 'draft' AND a.key IN ('category', 'care_type', 'level')
	   AND NOT EXISTS (SELECT FROM assistance.find_code(a.key, c.key, d.region, lower(d.valid)));

	RETURN QUERY
	SELECT 'missing_statistic', p.region, p.scheme, NULLIF(p.layer, '*'), array_to_string(d.place, '.'),
		   format('there is no figure %s for %s, %s', d.derived ->> 'statistic', COALESCE(d.derived ->> 'region', p.region),
				  COALESCE((extract(year FROM lower(p.valid))::integer - substring(d.derived ->> 'lag' FROM '^[0-9]{1,4}$')::integer)::text, 'any year')),
		   format('缺少统计数据%s', d.derived ->> 'statistic')
	  FROM assistance.policy p CROSS JOIN LATERAL assistance.derived_places(assistance.version_document(p)) d
	 WHERE p.draft = dictionary_findings.draft AND p.state = 'draft';
END
$$;
COMMENT ON FUNCTION assistance.dictionary_findings(bigint) IS 'Findings of a draft about dictionaries: unknown_region, unknown_scheme, unknown_category, unknown_care_type, unknown_level, missing_statistic.';

-- One key defined twice on the way from a page upwards. Labels of codes and parts go by the nearest.
CREATE FUNCTION assistance.conflicts(versions bigint[]) RETURNS TABLE (path text, regions text)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1 COST 10000
	BEGIN ATOMIC
		SELECT d.name || '.' || e.key, string_agg(DISTINCT p.region, ', ')
		  FROM assistance.policy p
		 CROSS JOIN LATERAL assistance.version_document(p) v(document)
		 CROSS JOIN unnest(ARRAY['sources', 'counters', 'counts']) d(name)
		 CROSS JOIN LATERAL jsonb_each(v.document -> d.name) e
		 WHERE p.id = ANY (versions)
		 GROUP BY d.name, e.key
		HAVING count(DISTINCT e.value) > 1;
	END;
COMMENT ON FUNCTION assistance.conflicts(bigint[]) IS 'Sources, counters and counts that versions define differently under one key.';

-- The pages that a draft changes, as they will be.
CREATE FUNCTION assistance.draft_pages(draft bigint)
	RETURNS TABLE (region text, scheme text, valid daterange, admitted daterange, versions bigint[], engines jsonb[], page jsonb, missing text[])
	LANGUAGE sql STABLE ROWS 10 COST 200000
	BEGIN ATOMIC
		SELECT p.*
		  FROM (SELECT array_agg(DISTINCT r.region) AS regions FROM assistance.draft_reach(draft_pages.draft) r) r
		 CROSS JOIN LATERAL assistance.policy_documents(r.regions, NULL, 'infinity', draft_pages.draft) p
		 WHERE EXISTS (SELECT FROM assistance.policy v WHERE v.draft = draft_pages.draft AND v.state = 'draft' AND v.id = ANY (p.versions));
	END;
COMMENT ON FUNCTION assistance.draft_pages(bigint) IS 'Every page that has a version of a draft in it, also of regions that inherit, as it would be.';

-- What the core finds in one page, and what it cannot know: kinds that a scheme must speak of, figures of incomes, who counts as whom.
CREATE FUNCTION assistance.page_findings(page jsonb, engine jsonb, conflicting bigint[])
	RETURNS TABLE (severity text, finding text, layer text, path text, message text, message_zh text, article text, excused_by text)
	LANGUAGE plpgsql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' COST 100000
	AS $$
#variable_conflict use_column
DECLARE
	region text := page ->> 'region';
	first_day date := page ->> 'from';
	income record;
	groups text[][];
BEGIN
	RETURN QUERY
	SELECT 'arithmetic', 'conflict', NULL::text, c.path, format('%s is defined differently in versions of %s', c.path, c.regions),
		   format('%s在%s的版本中定义不同', c.path, c.regions), NULL::text, NULL::text
	  FROM assistance.conflicts(conflicting) c;

	RETURN QUERY
	SELECT 'arithmetic', 'layer_missing', NULL::text, 'layers', format('no layer of kind %s, nor one that says it is not applicable', k.kind),
		   format('没有%s层，也没有声明不适用', k.zh), NULL::text, NULL::text
	  FROM (VALUES ('basic', '基本医保'), ('critical', '大病保险'), ('assistance', '医疗救助')) k(kind, zh)
	 WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(page -> 'layers') l WHERE l ->> 'kind' = k.kind);

	SELECT f.year, f.value, f.value / 2 AS half, k.severity, k.article INTO income
	  FROM assistance.finding_kind() k
	 CROSS JOIN LATERAL assistance.derived_figure('{"statistic": "disposable_income", "lag": 1}', region, greatest(first_day, k.since)) f
	 WHERE k.finding = 'critical_deductible_above_half_income' AND COALESCE((page ->> 'to')::date, 'infinity') >= k.since;
	RETURN QUERY
	SELECT income.severity, 'critical_deductible_above_half_income', v.layer, v.path,
		   format('%s is above half of %s, the disposable income per head of %s', v.value, income.value, income.year),
		   format('%s高于%s年居民人均可支配收入%s的一半', v.value, income.year, income.value), income.article, x.excused_by
	  FROM assistance.json_values(page_findings.page::text::json) v
	  JOIN jsonb_array_elements(page_findings.page -> 'layers') l ON l ->> 'name' = v.layer AND l ->> 'kind' = 'critical'
	  LEFT JOIN LATERAL (
		SELECT format('%s: %s (%s)', e ->> 'who', e ->> 'why', e ->> 'article') AS excused_by FROM jsonb_array_elements(page_findings.page -> 'exceptions') e
		 WHERE e ->> 'finding' = 'critical_deductible_above_half_income' AND COALESCE(e ->> 'layer', v.layer) = v.layer LIMIT 1) x ON true
	 WHERE v.path ~ '\.deductible\.amount(\.amount|\.base)?$' AND json_typeof(v.value) = 'number' AND v.value::text::numeric > income.half;

	groups := ARRAY(SELECT ARRAY[c.key, f.class_group] FROM jsonb_each(page #> '{codes,category}') c
					 CROSS JOIN LATERAL assistance.find_code('category', c.key, region, first_day) f WHERE f.class_group IN ('key', 'low_income'));
	RETURN QUERY
	SELECT f.severity, f.finding, f.layer, f.path, f.message, f.message_zh, f.article, f.excused_by
	  FROM assistance.document_findings(jsonb_build_object('format', 1, 'engine', engine, 'pages', jsonb_build_array(page))::text::json,
			ARRAY(SELECT groups[i][1] FROM generate_subscripts(groups, 1) i WHERE groups[i][2] = 'key'),
			ARRAY(SELECT groups[i][1] FROM generate_subscripts(groups, 1) i WHERE groups[i][2] = 'low_income')) f;
END
$$;
COMMENT ON FUNCTION assistance.page_findings(jsonb, jsonb, bigint[]) IS 'Findings in one page as it will hold: those of the core (document_findings, with the groups of its categories from the dictionary), conflict between its versions, layer_missing, critical_deductible_above_half_income.';

CREATE FUNCTION assistance.check_policy(draft bigint)
	RETURNS TABLE (severity text, finding text, region text, scheme text, layer text, path text, message text, message_zh text, article text, excused_by text)
	LANGUAGE plpgsql STABLE ROWS 20 SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' COST 1000000
	AS $$
#variable_conflict use_column
BEGIN
	-- where superiors form a circle nothing above a region can be looked up: that is told alone
	FOR region, scheme IN SELECT DISTINCT r.region, r.scheme FROM assistance.draft_reach(check_policy.draft) r ORDER BY 1, 2 LOOP
		BEGIN
			PERFORM assistance.superiors(region);
		EXCEPTION WHEN SQLSTATE 'MA503' THEN
			SELECT k.severity, k.finding, 'region', SQLERRM, '上级区划形成循环', k.article INTO severity, finding, path, message, message_zh, article
			  FROM assistance.finding_kind() k WHERE k.finding = 'cyclic_inheritance';
			RETURN NEXT;
		END;
	END LOOP;
	IF finding IS NOT NULL THEN
		RETURN;
	END IF;
	RETURN QUERY
	SELECT c.*
	  FROM (SELECT k.severity, v.finding, v.region, v.scheme, v.layer, v.path, v.message, v.message_zh, k.article, NULL::text
			  FROM (SELECT * FROM assistance.time_findings(check_policy.draft)
					UNION ALL SELECT * FROM assistance.reach_findings(check_policy.draft)
					UNION ALL SELECT * FROM assistance.dictionary_findings(check_policy.draft)) v
			  JOIN assistance.finding_kind() k ON k.finding = v.finding
			UNION
			-- a fault that stands in several ranges of days or admissions of a page is told once
			SELECT f.severity, f.finding, p.region, p.scheme, f.layer, f.path, f.message, f.message_zh, f.article, f.excused_by
			  FROM assistance.draft_pages(check_policy.draft) p
			 CROSS JOIN LATERAL assistance.page_findings(p.page, p.engines[1], p.versions) f
			 WHERE p.missing IS NULL) c (severity, finding, region, scheme, layer, path, message, message_zh, article, excused_by)
	 ORDER BY array_position('{arithmetic,legal,notice}', c.severity), c.region, c.scheme, c.layer NULLS FIRST, c.finding, c.path, c.message;
END
$$;
COMMENT ON FUNCTION assistance.check_policy(bigint) IS 'Everything that stands against publishing a draft, as rows; raises nothing. severity: arithmetic (never excused), legal (an exception may be recorded), notice. Pages of regions that inherit from what the draft changes are checked too. Kinds: assistance.finding_kind().';
