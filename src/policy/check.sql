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

-- What the versions of a draft are beside others, and beside the dictionaries.
CREATE FUNCTION assistance.version_findings(draft bigint)
	RETURNS TABLE (finding text, region text, scheme text, layer text, path text, message text, message_zh text)
	LANGUAGE plpgsql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' COST 100000
	AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT 'overlap', a.region, a.scheme, NULLIF(a.layer, '*'), NULL::text,
		   format('two versions of the draft hold from %s', lower(a.valid * b.valid)), format('草案中两个版本自%s起重叠', lower(a.valid * b.valid))
	  FROM assistance.policy a JOIN assistance.policy b
		ON (b.draft, b.region, b.scheme, b.layer) = (a.draft, a.region, a.scheme, a.layer) AND b.id > a.id AND b.valid && a.valid
	 WHERE a.draft = version_findings.draft AND a.state = 'draft' AND b.state = 'draft';

	RETURN QUERY
	SELECT 'missing_statistic', p.region, p.scheme, NULLIF(p.layer, '*'), array_to_string(d.place, '.'),
		   format('there is no figure %s for %s, %s', d.derived ->> 'statistic', COALESCE(d.derived ->> 'region', p.region),
				  COALESCE((extract(year FROM lower(p.valid))::integer - (d.derived ->> 'lag')::integer)::text, 'any year')),
		   format('缺少统计数据%s', d.derived ->> 'statistic')
	  FROM assistance.policy p CROSS JOIN LATERAL assistance.derived_places(assistance.version_document(p)) d
	 WHERE p.draft = version_findings.draft AND p.state = 'draft';

	-- days between the draft and a neighbour that nothing covers
	RETURN QUERY
	WITH covered AS (
		SELECT f.region, f.scheme, range_agg(f.valid) AS days, range_agg(f.valid) FILTER (WHERE p.state = 'draft') AS own
		  FROM assistance.policy_in_force('infinity', version_findings.draft) f JOIN assistance.policy p ON p.id = f.version
		 WHERE f.layer = '*' GROUP BY f.region, f.scheme
	)
	SELECT 'gap', c.region, c.scheme, NULL::text, NULL::text,
		   format('no page from %s to %s', lower(hole), upper(hole) - 1), format('%s至%s没有政策', lower(hole), upper(hole) - 1)
	  FROM covered c CROSS JOIN LATERAL unnest(datemultirange(range_merge(c.days)) - c.days) hole
	 WHERE c.own -|- datemultirange(hole) OR EXISTS (SELECT FROM unnest(c.own) o WHERE o -|- hole);

	-- pages that would not hold, though their region has a version
	RETURN QUERY
	SELECT CASE WHEN p.missing IS NOT NULL THEN 'missing_layer' WHEN w.why LIKE '%itself%' THEN 'cyclic_inheritance' ELSE 'missing_page' END,
		   r.region, r.scheme, p.missing[1], NULL::text,
		   format('%s to %s: %s', lower(hole), COALESCE((upper(hole) - 1)::text, 'an open end'), w.why),
		   format('%s至%s：%s', lower(hole), COALESCE((upper(hole) - 1)::text, '长期'),
				  CASE WHEN p.missing IS NOT NULL THEN '缺少层次' || array_to_string(p.missing, '、') ELSE '上级没有政策或循环继承' END)
	  FROM assistance.draft_reach(version_findings.draft) r
	 CROSS JOIN LATERAL (
		SELECT range_agg(f.valid) * r.days AS days FROM assistance.policy_in_force('infinity', version_findings.draft) f
		 WHERE f.layer = '*' AND (f.region, f.scheme) = (r.region, r.scheme)) s
	  LEFT JOIN LATERAL (
		SELECT range_agg(g.valid) AS days FROM assistance.policy_pages(ARRAY[r.region], r.scheme, 'infinity', version_findings.draft) g
		 WHERE g.missing IS NULL) g ON true
	 CROSS JOIN LATERAL unnest(s.days - COALESCE(g.days, '{}')) hole
	 CROSS JOIN LATERAL assistance.why_no_page(r.region, r.scheme, lower(hole), 'infinity', version_findings.draft) w(why)
	  LEFT JOIN LATERAL (
		SELECT q.missing FROM assistance.policy_pages(ARRAY[r.region], r.scheme, 'infinity', version_findings.draft) q
		 WHERE q.valid @> lower(hole) AND q.missing IS NOT NULL LIMIT 1) p ON true;

	-- layers without a page of their own region
	RETURN QUERY
	SELECT 'missing_page', d.region, d.scheme, d.layer, NULL::text,
		   format('the layer has no page of its region from %s', lower(hole)), format('自%s起本地没有政策页', lower(hole))
	  FROM assistance.policy d
	 CROSS JOIN LATERAL (
		SELECT range_agg(f.valid) AS days FROM assistance.policy_in_force('infinity', version_findings.draft) f
		 WHERE f.layer = '*' AND (f.region, f.scheme) = (d.region, d.scheme)) s
	 CROSS JOIN LATERAL unnest(datemultirange(d.valid) - COALESCE(s.days, '{}')) hole
	 WHERE d.draft = version_findings.draft AND d.state = 'draft' AND d.layer <> '*';
END
$$;
COMMENT ON FUNCTION assistance.version_findings(bigint) IS 'Findings about the versions of a draft: overlap, gap, missing_layer, missing_page, cyclic_inheritance, missing_statistic.';

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

CREATE FUNCTION assistance.page_findings(page jsonb, engines jsonb[])
	RETURNS TABLE (severity text, finding text, layer text, path text, message text, message_zh text, article text, excused_by text)
	LANGUAGE plpgsql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp COST 100000
	AS $$
DECLARE
	detail text;
	hint text;
BEGIN
	PERFORM assistance.book_of(jsonb_build_array(page), engines);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	severity := 'arithmetic';
	finding := SQLSTATE;
	message := concat_ws(' ', message || ':', detail, hint);
	RETURN NEXT;
END
$$;
COMMENT ON FUNCTION assistance.page_findings(jsonb, jsonb[]) IS 'What the core finds in one page.';

CREATE FUNCTION assistance.check_policy(draft bigint)
	RETURNS TABLE (severity text, finding text, region text, scheme text, layer text, path text, message text, message_zh text, article text, excused_by text)
	LANGUAGE plpgsql STABLE ROWS 20 SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' COST 1000000
	AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT 'arithmetic'::text, v.finding, v.region, v.scheme, v.layer, v.path, v.message, v.message_zh, NULL::text, NULL::text
	  FROM assistance.version_findings(check_policy.draft) v;
	RETURN QUERY
	SELECT 'arithmetic'::text, 'conflict', p.region, p.scheme, NULL::text, c.path,
		   format('%s is defined differently in %s', c.path, c.regions), format('%s在%s中定义不同', c.path, c.regions), NULL::text, NULL::text
	  FROM assistance.draft_pages(check_policy.draft) p CROSS JOIN LATERAL assistance.conflicts(p.versions) c WHERE p.missing IS NULL;
	RETURN QUERY
	SELECT f.severity, f.finding, p.region, p.scheme, f.layer, f.path, f.message, f.message_zh, f.article, f.excused_by
	  FROM assistance.draft_pages(check_policy.draft) p CROSS JOIN LATERAL assistance.page_findings(p.page, p.engines) f
	 WHERE p.missing IS NULL;
END
$$;
COMMENT ON FUNCTION assistance.check_policy(bigint) IS 'Everything that stands against publishing a draft, as rows; raises nothing.';
