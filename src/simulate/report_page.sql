-- simulation_report: the page, from the sections of report.sql and report_limits.sql.

CREATE FUNCTION assistance.report_section(head text, note text, body text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 2
	BEGIN ATOMIC
		SELECT '<h2>' || head || E'</h2>\n' || COALESCE('<p>' || note || E'</p>\n', '') || body;
	END;
COMMENT ON FUNCTION assistance.report_section(text, text, text) IS 'A section of a page of HTML; null where the body is.';

CREATE FUNCTION assistance.simulation_report(simulation assistance.simulation, title text DEFAULT '', language text DEFAULT 'zh') RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 200000
	BEGIN ATOMIC
		SELECT concat_ws(E'\n', '<!DOCTYPE html>',
			format('<html xmlns="http://www.w3.org/1999/xhtml" lang="%s"><head><meta charset="utf-8"/><title>%s</title>', assistance.glance_either(w.zh, 'zh-CN', 'en'), w.title),
			'<style>body{font-family:"Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif;font-size:14px;margin:2em auto;max-width:72em;padding:0 1em;color:#222}'
			|| 'table{border-collapse:collapse;margin:.4em 0 1em}td,th{padding:2px 8px;text-align:left;vertical-align:top}th{border-bottom:1px solid #888;font-weight:600}'
			|| 'td{border-bottom:1px solid #eee}small,.p{color:#666;font-size:.85em}td.n{text-align:right;white-space:nowrap}th.n{text-align:right;max-width:9em;overflow-wrap:anywhere}'
			|| '.s{max-width:22em;overflow-wrap:anywhere}.l{fill:#c0562f}.w{fill:#2f7fc0}.a{font-size:1.1em;line-height:1.6;margin:.5em 0;padding:.4em .8em;background:#f5f7f9}'
			|| 'h2{border-top:1px solid #ccc;padding-top:.6em;margin-top:1.6em}h3{margin:.9em 0 .2em;font-size:1em}polyline{fill:none;stroke-width:2}line{stroke:#ddd}'
			|| 'text{font-size:12px}.e{text-anchor:end;fill:#555}.m{text-anchor:middle;fill:#555}.k{display:inline-block;margin-right:1.4em}</style></head><body>',
			'<h1>' || w.title || '</h1>',
			(SELECT format('<p>' || assistance.glance_either(w.zh,
						   '%s 人、%s 张结算单、总费用 %s 元，按每个方案从头重新结算。第一个方案 <b>%s</b> 为基准，各项差额均与它比较。医疗救助基金指医疗救助和倾斜救助各层；各项基金指医保、救助、慈善等全部各层。',
						   '%s persons with %s bills of %s yuan, settled anew under every scenario. The first one, <b>%s</b>, is the baseline; differences are against it. '
						   || 'The assistance fund is all layers of medical and further assistance; all funds are all layers of insurance, assistance and charity.') || '</p>',
						   assistance.html_number(s.persons), assistance.html_number(s.bills), assistance.html_number(s.total, 2), assistance.html_text(s.scenario))
			   FROM assistance.report_scenarios(simulation) s WHERE s.n = 1),
			assistance.report_answers(simulation, w.zh),
			assistance.report_section(assistance.glance_either(w.zh, '方案', 'Scenarios'), NULL, assistance.report_list(simulation, w.zh)),
			assistance.report_section(assistance.glance_either(w.zh, '谁付费', 'Who pays'),
				assistance.glance_either(w.zh, '基准为金额，其他方案为与基准之差，元。条形：向左（蓝）为减少，向右（红）为增加。',
										 'The baseline''s amounts, of the others the differences, yuan. Bars: to the left (blue) less, to the right (red) more.'),
				assistance.report_costs(simulation, w.zh)),
			assistance.report_section(assistance.glance_either(w.zh, '分项费用', 'Costs in detail'),
				assistance.glance_either(w.zh, '基准为金额，其他方案为与基准之差，元。只有一个取值的分项不列。', 'The baseline''s amounts, of the others the differences, yuan. What has one value only is left out.'),
				assistance.report_dimensions(simulation, w.zh)),
			assistance.report_section(assistance.glance_either(w.zh, '谁受益，谁受损', 'Who wins and who loses'),
				assistance.glance_either(w.zh, '按全年个人负担减少（左，蓝）或增加（右，红）的金额分组的人数，元。', 'Persons by how much less (left, blue) or more (right, red) they bear in all their bills together, yuan.'),
				assistance.report_changes(simulation, w.zh)),
			assistance.report_section(assistance.glance_either(w.zh, '个人负担', 'What persons bear'),
				assistance.glance_either(w.zh, '每人全年全部结算单的个人负担，元：基准为金额，其他方案为与基准之差。', 'What a person bears in all bills together, yuan: the baseline''s amounts, of the others the differences.'),
				assistance.report_burdens(simulation, w.zh)),
			assistance.report_section(assistance.glance_either(w.zh, '个人负担的变化', 'What persons bear: the difference'),
				assistance.glance_either(w.zh, '按救助身份：同类人员按负担从轻到重排列；高度：同一位次的负担比基准多多少（负数为少多少），元，按十倍刻度。起点之前各位次没有变化；没有变化的身份不画，最多画人数最多的 6 类、前 24 个方案。',
										 'By category: its persons in a row, who bears least on the left; height: by how much the person at that place bears more than in the baseline (below 0: less), yuan, by powers of ten. '
										 || 'Before the left edge nothing differs; categories without changes are not drawn, and at most the 6 with most persons and the first 24 drafts.'),
				assistance.report_curves(simulation, w.zh)),
			assistance.report_section(assistance.glance_either(w.zh, '灾难性支出', 'Hardship'),
				assistance.glance_either(w.zh, '收入已知的人中，个人负担超过收入一定比例的人数。', 'Persons of known income who bear more than a share of it.'), assistance.report_hardship(simulation, w.zh)),
			assistance.report_section(assistance.glance_either(w.zh, '谁达到起付线和封顶线', 'Who reaches deductibles and caps'),
				assistance.glance_either(w.zh, '达到的人数 / 适用该规则的人数；–：该方案没有这一限额；任何方案下都无人达到的不列；+：同日起、按入院日期分开的各页。',
										 'Persons who reach it / to whom its rule was applied; –: the scenario has no such limit; what nobody reaches under any scenario is left out; +: pages from the same day for different days of admission.'),
				assistance.report_limits(simulation, w.zh)),
			assistance.report_section(assistance.glance_either(w.zh, '每调整一步的费用', 'What a step costs'),
				assistance.glance_either(w.zh, '只调整一个参数，其余不变，各付费方比基准多付（+）或少付（−），元。–：该方向超出允许范围。',
										 'One parameter alone, a step less and a step more; what each payer then bears more or less, yuan. –: beyond what is allowed.'),
				assistance.report_margins(simulation, w.zh)),
			'</body></html>', '')
		  FROM (SELECT k.zh, assistance.html_text(COALESCE(NULLIF(simulation_report.title, ''), assistance.glance_either(k.zh, '改革测算', 'Simulation'))) AS title
				  FROM (SELECT assistance.report_language(simulation_report.language) AS zh) k) w;
	END;
COMMENT ON FUNCTION assistance.simulation_report(assistance.simulation, text, text) IS
'A simulation as one page of HTML with pictures (SVG), complete in itself: in psql \t on, \a, \o report.html, SELECT assistance.simulation_report(…), \o. language: zh (Chinese) or en. Amounts in yuan; codes by their names in the dictionaries; scenarios of shift_scenarios only stand in the last section. Sections without rows are left out. Error MA351: another language.';
