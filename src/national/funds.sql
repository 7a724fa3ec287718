-- funds: which fund of the national interface pays a layer. The rows stand in the dictionaries layer_fund (by the name of a layer) and
-- kind_fund (by kind, or kind/scheme); a region changes them with rows of its own in assistance.code_local.

-- maps_to: fund_pay_type; national_column: the column of setlinfo. Neither: outside of the national fund total.
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, national_column, mark, source, note) VALUES
	('kind_fund', '000000', 'basic', '基本医疗保险', 'basic insurance', NULL, '390100', 'hifp_pay', 'inferred', 'collected interface material, 2.6 and 6.2', 'schemes of residents'),
	('kind_fund', '000000', 'basic/employee', '职工基本医疗保险', 'basic insurance of employees', 'basic', '310100', 'hifp_pay', 'inferred', 'collected interface material, 2.6 and 6.2', NULL),
	('kind_fund', '000000', 'critical', '居民大病保险', 'critical illness insurance of residents', NULL, '390200', 'hifmi_pay', 'inferred', 'collected interface material, 2.6 and 6.2', 'schemes of residents'),
	('kind_fund', '000000', 'critical/employee', '职工大额医疗费用补助', 'large amounts of employees', 'critical', '330100', 'hifob_pay', 'inferred', 'collected interface material, 2.6 and 6.2', NULL),
	('kind_fund', '440000', 'critical/employee', '职工大病', 'critical illness of employees', 'critical', '310300', 'hifmi_pay', 'local', 'collected interface material, 2.6 and 6.2', NULL),
	('kind_fund', '000000', 'supplementary', '补充医疗保险', 'supplementary insurance', NULL, NULL, NULL, 'own', 'collected interface material, 6.2', 'commercial insurance has no fixed column: hifes_pay or oth_pay by region, else outside'),
	('kind_fund', '000000', 'assistance', '医疗救助', 'medical assistance', NULL, '610100', 'maf_pay', 'inferred', 'collected interface material, 2.6 and 6.2', NULL),
	('kind_fund', '000000', 'tilt', '倾斜救助', 'tilt assistance', NULL, '999997', 'oth_pay', 'own', 'collected interface material, 2.6', 'maf_pay or oth_pay by region; the material gives no code'),
	('kind_fund', '000000', 'emergency', '疾病应急救助', 'emergency aid', NULL, '999997', 'oth_pay', 'own', 'collected interface material, 1.1 and 2.6', 'no code and no column in the material; oth_pay takes other funds'),
	('kind_fund', '000000', 'government', '政府兜底', 'government backstop', NULL, '640100', 'oth_pay', 'inferred', 'collected interface material, 2.6', NULL),
	('kind_fund', '000000', 'other', '其他', 'other payer', NULL, '999997', 'oth_pay', 'inferred', 'collected interface material, 2.6', NULL),
	('kind_fund', '000000', 'charity', '慈善救助', 'charity', NULL, NULL, NULL, 'own', 'collected interface material, 2.6 and 6.2', 'no national code and no column: outside'),
	('layer_fund', '000000', '公务员补助', '公务员医疗补助', 'civil servant subsidy', NULL, '320100', 'cvlserv_pay', 'inferred', 'collected interface material, 2.6', NULL),
	('layer_fund', '000000', '企业补充医疗保险', '企业补充医疗保险', 'supplementary insurance of enterprises', NULL, '370100', 'hifes_pay', 'inferred', 'collected interface material, 2.6', NULL);

CREATE FUNCTION assistance.look_up_fund(
	layer text,
	kind text,
	scheme text,
	region text,
	on_date date,
	OUT fund_pay_type text,
	OUT fund_pay_type_name text,
	OUT national_column text
)
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 1000 SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	path	text[] := look_up_fund.region || assistance.superiors(look_up_fund.region);
BEGIN
	SELECT c.maps_to, c.national_column INTO fund_pay_type, national_column
	  FROM (VALUES (1, 'layer_fund', look_up_fund.layer), (2, 'kind_fund', look_up_fund.kind || '/' || look_up_fund.scheme),
				   (3, 'kind_fund', look_up_fund.kind)) w (place, dictionary, code)
	  JOIN assistance.code c ON c.dictionary = w.dictionary AND c.code = w.code
	 WHERE c.region = ANY (path) AND c.valid @> look_up_fund.on_date
	 ORDER BY w.place, array_position(path, c.region), lower(c.valid) DESC NULLS LAST
	 LIMIT 1;
	SELECT c.zh INTO fund_pay_type_name
	  FROM assistance.code c
	 WHERE c.dictionary = 'fund_pay_type' AND c.code = fund_pay_type AND c.region = ANY (path) AND c.valid @> look_up_fund.on_date
	 ORDER BY array_position(path, c.region), lower(c.valid) DESC NULLS LAST
	 LIMIT 1;
END
$$;
COMMENT ON FUNCTION assistance.look_up_fund(text, text, text, text, date) IS 'assistance.national_fund without routes and without its memory: reads the dictionaries at every call.';

CREATE FUNCTION assistance.national_fund(
	layer text,
	kind text,
	scheme text,
	region text,
	on_date date,
	routes jsonb DEFAULT NULL,
	OUT fund_pay_type text,
	OUT fund_pay_type_name text,
	OUT national_column text
)
	LANGUAGE c STABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'assistance_national_fund';
COMMENT ON FUNCTION assistance.national_fund(text, text, text, text, date, jsonb) IS
'The fund (fund_pay_type) and the column of setlinfo that a layer goes to: by its name (dictionary layer_fund), else by kind/scheme, else by kind (dictionary kind_fund); each of the region, its superiors, the nation. All null: outside of the national fund total (charity; commercial insurance, unless the region routes it). routes: an object layer -> column or "outside", which comes before the dictionaries. Error MA803 (a route to no column), MA503.';

CREATE FUNCTION assistance.fund_lines(
	bill assistance.bill,
	split assistance.split,
	routes jsonb DEFAULT NULL,
	OUT place integer,
	OUT layer text,
	OUT kind text,
	OUT rule text,
	OUT base numeric,
	OUT deductible numeric,
	OUT room numeric,
	OUT paid numeric,
	OUT adjustment numeric,
	OUT recoverable numeric,
	OUT fund_pay_type text,
	OUT fund_pay_type_name text,
	OUT national_column text
) RETURNS SETOF record
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 5000 ROWS 4 SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT l.place, l.layer, l.kind, l.rule, l.base, l.deductible, l.room, l.paid, l.adjustment, l.recoverable,
		   f.fund_pay_type, f.fund_pay_type_name, f.national_column
	  FROM (SELECT assistance.to_jsonb(fund_lines.bill) AS b OFFSET 0) o
	 CROSS JOIN LATERAL assistance.split_lines(fund_lines.split) l
	  LEFT JOIN LATERAL (SELECT n.*
		  FROM assistance.national_fund(l.layer, l.kind, o.b ->> 'scheme', o.b ->> 'region',
				CAST(o.b ->> 'ordered_at' AS timestamp)::date, fund_lines.routes) n
		 WHERE l.paid <> 0 OR l.adjustment <> 0 OR l.recoverable <> 0) f ON true
	 ORDER BY l.place;
END
$$;
COMMENT ON FUNCTION assistance.fund_lines(assistance.bill, assistance.split, jsonb) IS
'The lines of a split with the fund and the column of setlinfo of each layer that paid, adjusted or has to recover something; both null: outside of the national fund total. Amounts in yuan. Errors MA503, MA803.';
