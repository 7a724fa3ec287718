-- print: the settlement list (结算单) of a record, as a window prints it: text, and a page of HTML. No amount is computed here but sums shown.

CREATE FUNCTION assistance.settlement_items(
	setlinfo jsonb,
	OUT place integer,
	OUT part text,
	OUT label text,
	OUT value text
) RETURNS SETOF record
	LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 3000 ROWS 30
BEGIN ATOMIC
	WITH record AS MATERIALIZED (
		SELECT assistance.read_setlinfo(settlement_items.setlinfo) AS r
	)
	SELECT v.place, v.part, v.label, CASE
		WHEN v.name IN ('insutype', 'med_type') THEN COALESCE((SELECT f.zh || '（' || (x.r ->> v.name) || '）'
			FROM assistance.find_code(v.name, x.r ->> v.name, COALESCE(x.r ->> 'insu_admdvs', '000000'),
				assistance.setlinfo_day(x.r, 'setl_time')::date) f), x.r ->> v.name)
		WHEN v.place < 20 THEN x.r ->> v.name
		ELSE pg_catalog.to_char((x.r ->> v.name)::numeric, 'FM999,999,999,999,990.00') END
	  FROM record x, (VALUES
		(1, '基本信息', '结算编号', 'setl_id'), (2, '基本信息', '就诊编号', 'mdtrt_id'), (3, '基本信息', '人员编号', 'psn_no'), (4, '基本信息', '姓名', 'psn_name'),
		(5, '基本信息', '险种类型', 'insutype'), (6, '基本信息', '医疗类别', 'med_type'), (7, '基本信息', '医药机构', 'fixmedins_code'),
		(8, '基本信息', '开始日期', 'begndate'), (9, '基本信息', '结束日期', 'enddate'), (10, '基本信息', '结算时间', 'setl_time'),
		(11, '基本信息', '冲销的结算', 'init_setl_id'),
		(20, '费用', '医疗费总额', 'medfee_sumamt'), (21, '费用', '全自费金额', 'fulamt_ownpay_amt'), (22, '费用', '超限价自费费用', 'overlmt_selfpay'),
		(23, '费用', '先行自付金额', 'preselfpay_amt'), (24, '费用', '符合政策范围金额', 'inscp_scp_amt'), (25, '费用', '实际支付起付线', 'act_pay_dedc'),
		(30, '基金支付', '基本医疗保险统筹基金', 'hifp_pay'), (31, '基金支付', '公务员医疗补助', 'cvlserv_pay'), (32, '基金支付', '企业补充医疗保险', 'hifes_pay'),
		(33, '基金支付', '居民大病保险', 'hifmi_pay'), (34, '基金支付', '职工大额医疗费用补助', 'hifob_pay'), (35, '基金支付', '伤残人员医疗保障', 'hifdm_pay'),
		(36, '基金支付', '医疗救助', 'maf_pay'), (37, '基金支付', '其他支出', 'oth_pay'), (38, '基金支付', '基金支付总额', 'fund_pay_sumamt'),
		(40, '个人和医院负担', '医院负担金额', 'hosp_part_amt'), (41, '个人和医院负担', '个人负担总金额', 'psn_part_amt'),
		(42, '个人和医院负担', '个人账户支出', 'acct_pay'), (43, '个人和医院负担', '个人现金支出', 'psn_cash_pay'),
		(44, '个人和医院负担', '慈善援助', 'charity_pay'), (45, '个人和医院负担', '商业保险', 'commercial_pay'),
		(46, '个人和医院负担', '援助后个人现金', 'cash_after_charity')) v (place, part, label, name)
	 WHERE pg_catalog.jsonb_typeof(x.r -> v.name) <> 'null'
	   AND (v.place < 20 OR v.place IN (20, 24, 38, 41, 43) OR (x.r ->> v.name)::numeric <> 0
			OR v.place = 46 AND COALESCE((x.r ->> 'charity_pay')::numeric, 0) + COALESCE((x.r ->> 'commercial_pay')::numeric, 0) <> 0)
	   AND (v.place <> 46 OR COALESCE((x.r ->> 'charity_pay')::numeric, 0) <> 0 OR COALESCE((x.r ->> 'commercial_pay')::numeric, 0) <> 0)
	 ORDER BY v.place;
END;
COMMENT ON FUNCTION assistance.settlement_items(jsonb) IS 'The lines of a printed settlement list (结算单) in order, in Chinese; amounts in yuan as text. Amounts of 0 are left out but for the totals; insutype and med_type by their names in the dictionaries where setl_time is known. Error MA801.';

CREATE FUNCTION assistance.settlement_text(setlinfo jsonb) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 5000
BEGIN ATOMIC
	SELECT E'医疗保障费用结算单\n' || pg_catalog.string_agg(
			CASE WHEN i.part IS DISTINCT FROM i.before THEN E'\n' || i.part || E'\n' ELSE '' END
			|| '  ' || i.label || pg_catalog.repeat('　', GREATEST(12 - pg_catalog.length(i.label), 1))
			|| CASE WHEN i.place < 20 THEN i.value ELSE pg_catalog.lpad(i.value, 16) END || E'\n', '' ORDER BY i.place)
		|| E'\n金额单位：元\n'
	  FROM (SELECT s.*, pg_catalog.lag(s.part) OVER (ORDER BY s.place) AS before FROM assistance.settlement_items(settlement_text.setlinfo) s) i;
END;
COMMENT ON FUNCTION assistance.settlement_text(jsonb) IS '结算单: the settlement list of a record as text, in Chinese, amounts in yuan. Error MA801.';

CREATE FUNCTION assistance.settlement_page(setlinfo jsonb) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 5000
BEGIN ATOMIC
	SELECT E'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n<title>医疗保障费用结算单</title>\n<style>\n'
		|| E'body { font-family: serif; max-width: 40em; margin: 2em auto }\ntable { width: 100%; border-collapse: collapse }\n'
		|| E'td, th { border: 1px solid #444; padding: 0.3em 0.6em; text-align: left }\ntd.amount { text-align: right }\n</style>\n</head>\n<body>\n'
		|| E'<h1>医疗保障费用结算单</h1>\n<table>\n'
		|| pg_catalog.string_agg(CASE WHEN i.part IS DISTINCT FROM i.before THEN '<tr><th colspan="2">' || i.part || E'</th></tr>\n' ELSE '' END
			|| '<tr><td>' || i.label || CASE WHEN i.place < 20 THEN '</td><td>' ELSE '</td><td class="amount">' END
			|| pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(i.value, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;')
			|| E'</td></tr>\n', '' ORDER BY i.place)
		|| E'</table>\n<p>金额单位：元</p>\n</body>\n</html>\n'
	  FROM (SELECT s.*, pg_catalog.lag(s.part) OVER (ORDER BY s.place) AS before FROM assistance.settlement_items(settlement_page.setlinfo) s) i;
END;
COMMENT ON FUNCTION assistance.settlement_page(jsonb) IS '结算单: the settlement list of a record as a page of HTML, in Chinese, amounts in yuan; texts of the record are escaped. Error MA801.';
