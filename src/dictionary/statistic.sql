-- statistic: figures that 医保函〔2020〕56号 (reply to proposal 4438) prints. Income figures belong to regions and are added by those who
-- publish there (assistance.statistic_local).

INSERT INTO assistance.statistic_dictionary (statistic, region, year, value, unit, zh, en, mark, source) VALUES
	('assistance_spending', '000000', 2019, 50220000000, 'yuan', '支出医疗救助资金', 'spent on medical assistance', 'stated', '医保函〔2020〕56号 二'),
	('assistance_persons_treated', '000000', 2019, 70500000, 'person-times', '住院救助和门诊救助', 'inpatient and outpatient assistance', 'stated', '医保函〔2020〕56号 二'),
	('assistance_premiums', '000000', 2019, 87510000, 'persons', '资助困难群众参加基本医疗保险', 'helped to join basic insurance', 'stated', '医保函〔2020〕56号 二'),
	('assistance_subsidy', '000000', 2020, 32000000000, 'yuan', '中央财政医疗救助补助资金（含疾病应急救助5亿元）', 'central subsidy for medical assistance (500 million of it for emergency aid)', 'stated', '医保函〔2020〕56号 二'),
	('urban_minimum_allowance', '000000', 2019, 8605000, 'persons', '城市低保对象', 'on minimum living allowance, urban', 'stated', '医保函〔2020〕56号 二'),
	('urban_extreme_poverty', '000000', 2019, 294000, 'persons', '城市特困人员', 'in extreme poverty support, urban', 'stated', '医保函〔2020〕56号 二');
