-- print: the settlement list (结算单) of a record, as a window prints it: text, and a page of HTML for A4. No amount is computed here but the
-- two parts of what the person bears.

CREATE FUNCTION assistance.amount_in_words(amount numeric) RETURNS text
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 200 SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	digit	CONSTANT text[] := ARRAY['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
	unit	CONSTANT text[] := ARRAY['', '拾', '佰', '仟'];
	section	CONSTANT text[] := ARRAY['', '万', '亿', '万'];
	fen		bigint;
	yuan	text;
	words	text := '';
	zero	boolean := false;	-- digits of 0 stand before the next word
	n		integer;
	at		integer;
	live	boolean := false;	-- the section has a digit above 0
BEGIN
	IF abs(amount) >= 1e14 OR amount <> round(amount, 2) THEN
		RAISE EXCEPTION 'the amount cannot be written in words'
			USING ERRCODE = '22003', DETAIL = format('%s yuan.', amount), HINT = 'Amounts are below 10^14 yuan and have at most two decimals.';
	END IF;
	fen := (abs(amount) * 100)::bigint;
	yuan := (fen / 100)::text;
	FOR i IN 1 .. length(yuan) LOOP
		n := substr(yuan, i, 1)::integer;
		at := length(yuan) - i;
		IF n = 0 THEN
			zero := true;
		ELSE
			words := words || CASE WHEN zero AND words <> '' THEN '零' ELSE '' END || digit[n + 1] || unit[at % 4 + 1];
			zero := false;
			live := true;
		END IF;
		IF at % 4 = 0 THEN
			-- 亿 also stands for an empty section above it
			words := words || CASE WHEN live OR (at = 8 AND words <> '') THEN section[at / 4 + 1] ELSE '' END;
			live := false;
		END IF;
	END LOOP;
	IF words <> '' THEN
		words := words || '元';
	END IF;
	n := (fen % 100)::integer;
	IF n = 0 THEN
		words := CASE WHEN words = '' THEN '零元' ELSE words END || '整';
	ELSE
		words := words || CASE WHEN n >= 10 THEN digit[n / 10 + 1] || '角'
			WHEN words <> '' THEN '零' ELSE '' END || CASE WHEN n % 10 > 0 THEN digit[n % 10 + 1] || '分' ELSE '整' END;
	END IF;
	RETURN CASE WHEN amount < 0 THEN '负' ELSE '' END || words;
END
$$;
COMMENT ON FUNCTION assistance.amount_in_words(numeric) IS '大写金额: an amount in yuan in the numerals of bills and receipts, such as 贰万肆仟零伍拾元柒角肆分. Error 22003: 10^14 yuan or more, or more than two decimals.';

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
		SELECT s.r || pg_catalog.jsonb_build_object('psn_selfpay', (s.r ->> 'psn_part_amt')::numeric - (s.r ->> 'fulamt_ownpay_amt')::numeric,
				'psn_ownpay', s.r -> 'fulamt_ownpay_amt', 'institution', COALESCE(s.r ->> 'fixmedins_name', s.r ->> 'fixmedins_code')) AS r
		  FROM (SELECT assistance.read_setlinfo(settlement_items.setlinfo) AS r OFFSET 0) s
	)
	SELECT v.place, v.part, v.label, CASE
		WHEN v.dictionary IS NOT NULL THEN COALESCE((SELECT f.zh || '（' || (x.r ->> v.name) || '）'
			FROM assistance.find_code(v.dictionary, x.r ->> v.name, COALESCE(x.r ->> 'insu_admdvs', '000000'),
				assistance.setlinfo_day(x.r, 'setl_time')::date) f WHERE f.zh <> x.r ->> v.name), x.r ->> v.name)
		WHEN v.place < 20 THEN x.r ->> v.name
		WHEN v.place = 60 THEN assistance.amount_in_words((x.r ->> v.name)::numeric)
		ELSE pg_catalog.to_char((x.r ->> v.name)::numeric, 'FM999,999,999,999,990.00') END
	  FROM record x, (VALUES
		(1, '基本信息', '结算编号', 'setl_id', NULL), (2, '基本信息', '就诊编号', 'mdtrt_id', NULL), (3, '基本信息', '人员编号', 'psn_no', NULL),
		(4, '基本信息', '姓名', 'psn_name', NULL), (5, '基本信息', '险种类型', 'insutype', 'insutype'), (6, '基本信息', '人员类别', 'psn_type', 'psn_type'),
		(7, '基本信息', '救助身份', 'mat_idet_code', 'category'), (8, '基本信息', '医疗类别', 'med_type', 'med_type'),
		(9, '基本信息', '医药机构', 'institution', NULL), (10, '基本信息', '医院等级', 'hosp_lv', 'hosp_lv'), (11, '基本信息', '病种', 'dise_codg', NULL),
		(12, '基本信息', '开始日期', 'begndate', NULL), (13, '基本信息', '结束日期', 'enddate', NULL), (14, '基本信息', '结算时间', 'setl_time', NULL),
		(15, '基本信息', '冲销的结算', 'init_setl_id', NULL),
		(20, '费用', '医疗费总额', 'medfee_sumamt', NULL), (21, '费用', '全自费金额', 'fulamt_ownpay_amt', NULL), (22, '费用', '超限价自费费用', 'overlmt_selfpay', NULL),
		(23, '费用', '先行自付金额', 'preselfpay_amt', NULL), (24, '费用', '符合政策范围金额', 'inscp_scp_amt', NULL), (25, '费用', '实际支付起付线', 'act_pay_dedc', NULL),
		(30, '基金支付', '基本医疗保险统筹基金', 'hifp_pay', NULL), (31, '基金支付', '公务员医疗补助', 'cvlserv_pay', NULL),
		(32, '基金支付', '企业补充医疗保险', 'hifes_pay', NULL), (33, '基金支付', '居民大病保险', 'hifmi_pay', NULL),
		(34, '基金支付', '职工大额医疗费用补助', 'hifob_pay', NULL), (35, '基金支付', '伤残人员医疗保障', 'hifdm_pay', NULL),
		(36, '基金支付', '医疗救助', 'maf_pay', NULL), (37, '基金支付', '其他支出', 'oth_pay', NULL), (38, '基金支付', '基金支付总额', 'fund_pay_sumamt', NULL),
		(40, '个人和医院负担', '医院负担金额', 'hosp_part_amt', NULL), (41, '个人和医院负担', '个人负担总金额', 'psn_part_amt', NULL),
		(42, '个人和医院负担', '其中个人自付', 'psn_selfpay', NULL), (43, '个人和医院负担', '其中个人自费', 'psn_ownpay', NULL),
		(44, '个人和医院负担', '个人账户支出', 'acct_pay', NULL), (45, '个人和医院负担', '个人现金支出', 'psn_cash_pay', NULL),
		(46, '个人和医院负担', '慈善援助', 'charity_pay', NULL), (47, '个人和医院负担', '商业保险', 'commercial_pay', NULL),
		(48, '个人和医院负担', '援助后个人现金', 'cash_after_charity', NULL),
		(60, '个人和医院负担', '个人现金支出（大写）', 'psn_cash_pay', NULL)) v (place, part, label, name, dictionary)
	 WHERE pg_catalog.jsonb_typeof(x.r -> v.name) <> 'null'
	   AND (v.place < 20 OR v.place IN (20, 24, 38, 41, 45, 60) OR (x.r ->> v.name)::numeric <> 0
			OR v.place = 48 AND COALESCE((x.r ->> 'charity_pay')::numeric, 0) + COALESCE((x.r ->> 'commercial_pay')::numeric, 0) <> 0)
	   AND (v.place <> 48 OR COALESCE((x.r ->> 'charity_pay')::numeric, 0) <> 0 OR COALESCE((x.r ->> 'commercial_pay')::numeric, 0) <> 0)
	 ORDER BY v.place;
END;
COMMENT ON FUNCTION assistance.settlement_items(jsonb) IS 'The lines of a printed settlement list (结算单) in order, in Chinese; amounts in yuan as text. Amounts of 0 are left out but for the totals; codes by their names in the dictionaries where setl_time is known. 个人自费 is the cost outside of the catalogue, 个人自付 what else the person bears. Error MA801.';

CREATE FUNCTION assistance.settlement_text(setlinfo jsonb) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 5000
BEGIN ATOMIC
	SELECT E'医疗保障费用结算单\n' || pg_catalog.string_agg(
			CASE WHEN i.part IS DISTINCT FROM i.before THEN E'\n' || i.part || E'\n' ELSE '' END
			|| '  ' || i.label || pg_catalog.repeat('　', GREATEST(12 - pg_catalog.length(i.label), 1))
			|| CASE WHEN i.place < 20 OR i.place = 60 THEN i.value ELSE pg_catalog.lpad(i.value, 16) END || E'\n', '' ORDER BY i.place)
		|| E'\n金额单位：元\n'
	  FROM (SELECT s.*, pg_catalog.lag(s.part) OVER (ORDER BY s.place) AS before FROM assistance.settlement_items(settlement_text.setlinfo) s) i;
END;
COMMENT ON FUNCTION assistance.settlement_text(jsonb) IS '结算单: the settlement list of a record as text, in Chinese, amounts in yuan. Error MA801.';

CREATE FUNCTION assistance.settlement_page(setlinfo jsonb) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 5000
BEGIN ATOMIC
	-- two fields a row; totals and what stands alone have a row of their own
	WITH item AS (
		SELECT i.*, i.place IN (20, 38, 41, 45, 60) AS whole,
			   pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(i.value, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;') AS safe,
			   CASE WHEN i.place < 20 OR i.place = 60 THEN '' ELSE ' class="amount"' END AS class
		  FROM assistance.settlement_items(settlement_page.setlinfo) i
	), numbered AS (
		SELECT i.*, pg_catalog.sum(i.whole::integer) OVER (PARTITION BY i.part ORDER BY i.place) AS run FROM item i
	), placed AS (
		SELECT n.*, pg_catalog.row_number() OVER (PARTITION BY n.part, n.run, n.whole ORDER BY n.place) - 1 AS nth FROM numbered n
	), line AS (
		SELECT p.part, pg_catalog.min(p.place) AS place, pg_catalog.bool_or(p.whole) AS whole,
			   pg_catalog.string_agg('<td class="label">' || p.label || '</td><td' || p.class
				|| CASE WHEN p.whole THEN ' colspan="3"' ELSE '' END || '>' || p.safe || '</td>', '' ORDER BY p.place) AS cells,
			   pg_catalog.count(*) AS n
		  FROM placed p GROUP BY p.part, p.run, p.whole, p.nth / 2
	), body AS (
		SELECT pg_catalog.string_agg(CASE WHEN l.part IS DISTINCT FROM l.before THEN '<tr><th colspan="4">' || l.part || E'</th></tr>\n' ELSE '' END
				|| CASE WHEN l.whole THEN '<tr class="total">' ELSE '<tr>' END || l.cells
				|| CASE WHEN NOT l.whole AND l.n = 1 THEN '<td class="label"></td><td></td>' ELSE '' END || E'</tr>\n', '' ORDER BY l.place) AS rows
		  FROM (SELECT g.*, pg_catalog.lag(g.part) OVER (ORDER BY g.place) AS before FROM line g) l
	)
	SELECT E'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n<title>医疗保障费用结算单</title>\n<style>\n'
		|| E'@page { size: A4; margin: 15mm }\n'
		|| E'body { font-family: "Noto Serif CJK SC", "Songti SC", SimSun, serif; font-size: 11pt; max-width: 180mm; margin: 10mm auto; color: #000 }\n'
		|| E'h1 { font-size: 18pt; text-align: center; letter-spacing: 0.15em; margin: 0 0 4mm }\n'
		|| E'h1 small { font-size: 11pt; letter-spacing: 0; border: 1px solid #000; padding: 0 0.4em; vertical-align: middle }\n'
		|| E'p { display: flex; justify-content: space-between; margin: 2mm 0 }\n'
		|| E'table { width: 100%; border-collapse: collapse; border: 1.5px solid #000; table-layout: fixed }\n'
		|| E'td, th { border: 1px solid #000; padding: 1.2mm 2mm; text-align: left; overflow-wrap: anywhere }\n'
		|| E'th { text-align: center; background: #eee; letter-spacing: 0.3em; print-color-adjust: exact }\ntd.label { width: 21%; background: #f7f7f7; print-color-adjust: exact }\n'
		|| E'td.amount { text-align: right; font-variant-numeric: tabular-nums }\ntr.total td { font-weight: bold }\n'
		|| E'p.sign { margin-top: 10mm }\n</style>\n</head>\n<body>\n<h1>医疗保障费用结算单'
		|| CASE assistance.read_setlinfo(settlement_page.setlinfo) ->> 'refd_setl_flag' WHEN '1' THEN ' <small>退费</small>' ELSE '' END || E'</h1>\n'
		|| '<p><span>' || COALESCE('参保地：' || pg_catalog.replace(pg_catalog.replace(assistance.read_setlinfo(settlement_page.setlinfo) ->> 'insu_admdvs', '&', '&amp;'), '<', '&lt;'), '')
		|| E'</span><span>金额单位：元</span></p>\n<table>\n' || b.rows || E'</table>\n'
		|| E'<p class="sign"><span>经办人：＿＿＿＿＿＿</span><span>患者（家属）签字：＿＿＿＿＿＿＿＿</span><span>日期：＿＿＿＿年＿＿月＿＿日</span></p>\n</body>\n</html>\n'
	  FROM body b;
END;
COMMENT ON FUNCTION assistance.settlement_page(jsonb) IS '结算单: the settlement list of a record as a page of HTML for A4, in Chinese, amounts in yuan, with room for signatures; a reversal is marked 退费. Texts of the record are escaped. Error MA801.';
