-- code: coded attributes of bills and settlements, as the documents behind the packs name them and as collected from published data models of
-- several hospital systems and bureaus ("collected interface material", with its section): second-hand, no official list was found. mark says
-- how far to trust a row; nothing is filled in where the material is silent. Codes of one region stand under that region; a code that means
-- different things in different regions has one row for each. One INSERT for each dictionary.

-- our own names: schemes (险种; maps_to: insutype)
INSERT INTO assistance.code_dictionary (dictionary, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('scheme', 'resident', '城乡居民基本医疗保险', 'residents', NULL, '390', 'own', 'collected interface material, 2.1', NULL),
	('scheme', 'employee', '职工基本医疗保险', 'employees', NULL, '310', 'own', 'collected interface material, 2.1', NULL),
	('scheme', 'rural', '新型农村合作医疗', 'new rural cooperative', NULL, '380', 'own', 'collected interface material, 2.1', NULL),
	('scheme', 'urban_resident', '城镇居民基本医疗保险', 'urban residents', NULL, '391', 'own', 'collected interface material, 2.1', NULL);

-- our own names: kinds of layers; national_column: the amount column of setlinfo. 职工大额 goes to a column of its own: critical/employee.
INSERT INTO assistance.code_dictionary (dictionary, code, zh, en, parent, national_column, mark, source, note) VALUES
	('layer_kind', 'basic', '基本医疗保险', 'basic insurance', NULL, 'hifp_pay', 'own', 'collected interface material, 2.6 and 6.2', NULL),
	('layer_kind', 'critical', '大病保险', 'critical illness insurance', NULL, 'hifmi_pay', 'own', 'collected interface material, 2.6 and 6.2', 'resident schemes; employees: critical/employee'),
	('layer_kind', 'critical/employee', '职工大额医疗费用补助', 'large amounts of employees', 'critical', 'hifob_pay', 'own', 'collected interface material, 2.6 and 6.2', NULL),
	('layer_kind', 'supplementary', '补充医疗保险', 'supplementary insurance', NULL, NULL, 'own', 'collected interface material, 2.6 and 6.2', 'by fund: cvlserv_pay, hifes_pay, hifdm_pay or oth_pay'),
	('layer_kind', 'assistance', '医疗救助', 'medical assistance', NULL, 'maf_pay', 'own', 'collected interface material, 2.6 and 6.2', NULL),
	('layer_kind', 'tilt', '倾斜救助', 'tilt assistance', NULL, NULL, 'own', 'collected interface material, 2.6 and 6.2', 'the material gives no column of its own: maf_pay or oth_pay by region'),
	('layer_kind', 'emergency', '疾病应急救助', 'emergency aid', NULL, NULL, 'own', 'collected interface material, 2.6 and 6.2', 'no code and no column in the material'),
	('layer_kind', 'government', '政府兜底', 'government backstop', NULL, 'oth_pay', 'own', 'collected interface material, 2.6 and 6.2', 'as fund 640100'),
	('layer_kind', 'other', '其他', 'other payer', NULL, 'oth_pay', 'own', 'collected interface material, 2.6 and 6.2', NULL),
	('layer_kind', 'charity', '慈善救助', 'charity', NULL, NULL, 'own', 'collected interface material, 2.6 and 6.2', 'no national code and no column; not in fund_pay_sumamt'),
	('layer_kind', 'hospital', '医院负担', 'hospital', NULL, 'hosp_part_amt', 'own', 'collected interface material, 2.6 and 6.2', NULL),
	('layer_kind', 'patient', '个人负担', 'patient', NULL, 'psn_part_amt', 'own', 'collected interface material, 2.6 and 6.2', NULL);

-- insutype 险种类型; maps_to: our scheme. Supplements (320, 330, 370, 392) are enrolments beside a scheme: layers, not schemes of ours.
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('insutype', '000000', '310', '职工基本医疗保险', 'basic insurance of employees', NULL, 'employee', 'several', 'collected interface material, 2.1', NULL),
	('insutype', '000000', '320', '公务员医疗补助', 'civil servant subsidy', NULL, NULL, 'several', 'collected interface material, 2.1', NULL),
	('insutype', '000000', '330', '大额医疗费用补助', 'large amounts of employees', NULL, NULL, 'several', 'collected interface material, 2.1', NULL),
	('insutype', '000000', '340', '离休人员医疗保障', 'retired revolutionary cadres', NULL, NULL, 'several', 'collected interface material, 2.1', NULL),
	('insutype', '000000', '350', '一至六级残疾军人医疗补助', 'disabled servicemen, degrees 1 to 6', NULL, NULL, 'several', 'collected interface material, 2.1', NULL),
	('insutype', '000000', '360', '老红军医疗保障', 'veterans of the Red Army', NULL, NULL, 'several', 'collected interface material, 2.1', NULL),
	('insutype', '000000', '370', '企业补充医疗保险', 'supplementary insurance of enterprises', NULL, NULL, 'several', 'collected interface material, 2.1', NULL),
	('insutype', '000000', '380', '新型农村合作医疗', 'new rural cooperative', NULL, 'rural', 'several', 'collected interface material, 2.1', NULL),
	('insutype', '000000', '390', '城乡居民基本医疗保险', 'basic insurance of residents', NULL, 'resident', 'several', 'collected interface material, 2.1', NULL),
	('insutype', '000000', '391', '城镇居民基本医疗保险', 'basic insurance of urban residents', '390', 'urban_resident', 'several', 'collected interface material, 2.1', NULL),
	('insutype', '000000', '392', '城乡居民大病医疗保险', 'critical illness insurance of residents', NULL, NULL, 'several', 'collected interface material, 2.1', NULL),
	('insutype', '000000', '399', '其他特殊人员医疗保障', 'other special persons', NULL, NULL, 'several', 'collected interface material, 2.1', NULL),
	('insutype', '000000', '410', '长期照护保险', 'long-term care', NULL, NULL, 'several', 'collected interface material, 2.1', NULL),
	('insutype', '000000', '510', '生育保险', 'maternity', NULL, NULL, 'several', 'collected interface material, 2.1', NULL);

-- psn_type 人员类别: two digits, then four, then local extensions of six; matched by prefix
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('psn_type', '000000', '11', '在职', 'working', NULL, NULL, 'several', 'collected interface material, 2.2', NULL),
	('psn_type', '000000', '1101', '职工在职', 'employee, working', '11', NULL, 'several', 'collected interface material, 2.2', NULL),
	('psn_type', '000000', '1102', '公务员在职', 'civil servant, working', '11', NULL, 'several', 'collected interface material, 2.2', NULL),
	('psn_type', '000000', '1103', '灵活就业人员在职', 'flexibly employed, working', '11', NULL, 'several', 'collected interface material, 2.2', NULL),
	('psn_type', '000000', '1160', '在职（扩展）', 'working, extension', '11', NULL, 'several', 'collected interface material, 2.2', NULL),
	('psn_type', '000000', '12', '退休人员', 'retired', NULL, NULL, 'several', 'collected interface material, 2.2', NULL),
	('psn_type', '000000', '1201', '职工退休', 'employee, retired', '12', NULL, 'several', 'collected interface material, 2.2', NULL),
	('psn_type', '000000', '1202', '公务员退休', 'civil servant, retired', '12', NULL, 'several', 'collected interface material, 2.2', NULL),
	('psn_type', '000000', '1203', '灵活就业退休', 'flexibly employed, retired', '12', NULL, 'several', 'collected interface material, 2.2', NULL),
	('psn_type', '000000', '1260', '退休（扩展）', 'retired, extension', '12', NULL, 'several', 'collected interface material, 2.2', NULL),
	('psn_type', '000000', '13', '离休', 'retired cadre', NULL, NULL, 'several', 'collected interface material, 2.2', NULL),
	('psn_type', '000000', '1300', '离休人员', 'retired cadre', '13', NULL, 'several', 'collected interface material, 2.2', NULL),
	('psn_type', '000000', '1360', '离休（扩展）', 'retired cadre, extension', '13', NULL, 'several', 'collected interface material, 2.2', NULL),
	('psn_type', '000000', '14', '居民（未成年）', 'resident, minor', NULL, NULL, 'several', 'collected interface material, 2.2', NULL),
	('psn_type', '000000', '1401', '新生儿', 'new-born', '14', NULL, 'several', 'collected interface material, 2.2', NULL),
	('psn_type', '000000', '1402', '学龄前儿童', 'before school age', '14', NULL, 'several', 'collected interface material, 2.2', NULL),
	('psn_type', '000000', '1403', '中小学生', 'pupil', '14', NULL, 'several', 'collected interface material, 2.2', NULL),
	('psn_type', '000000', '1404', '大学生', 'university student', '14', NULL, 'several', 'collected interface material, 2.2', NULL),
	('psn_type', '000000', '1405', '未成年（未入学）', 'minor, not at school', '14', NULL, 'several', 'collected interface material, 2.2', NULL),
	('psn_type', '000000', '1460', '未成年（扩展）', 'minor, extension', '14', NULL, 'several', 'collected interface material, 2.2', NULL),
	('psn_type', '000000', '15', '居民（成年）', 'resident, adult', NULL, NULL, 'several', 'collected interface material, 2.2', NULL),
	('psn_type', '000000', '1501', '普通居民（成年）', 'ordinary resident, adult', '15', NULL, 'several', 'collected interface material, 2.2', NULL),
	('psn_type', '000000', '1560', '成年（扩展）', 'adult, extension', '15', NULL, 'several', 'collected interface material, 2.2', NULL),
	('psn_type', '000000', '16', '居民（老年）', 'resident, elderly', NULL, NULL, 'several', 'collected interface material, 2.2', NULL);

-- med_type 医疗类别: matched by prefix; maps_to: outpatient, inpatient or pharmacy as grouped by a bureaus front end
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('med_type', '000000', '11', '普通门诊', 'outpatient', NULL, 'outpatient', 'several', 'collected interface material, 2.3', NULL),
	('med_type', '000000', '12', '门诊挂号', 'outpatient registration', NULL, 'outpatient', 'several', 'collected interface material, 2.3', NULL),
	('med_type', '000000', '13', '急诊', 'emergency outpatient', NULL, 'outpatient', 'several', 'collected interface material, 2.3', NULL),
	('med_type', '000000', '14', '门诊慢特病', 'outpatient, chronic and special diseases', NULL, 'outpatient', 'several', 'collected interface material, 2.3', NULL),
	('med_type', '000000', '15', '门诊（另一类别）', 'outpatient, a further class', NULL, 'outpatient', 'single', 'collected interface material, 2.3', 'the material gives no name'),
	('med_type', '000000', '19', '意外伤害门诊', 'outpatient, accident', NULL, 'outpatient', 'inferred', 'collected interface material, 2.3', 'not in the grouping; by its name'),
	('med_type', '000000', '21', '普通住院', 'inpatient', NULL, 'inpatient', 'several', 'collected interface material, 2.3', NULL),
	('med_type', '000000', '22', '外伤住院', 'inpatient, injury', NULL, 'inpatient', 'several', 'collected interface material, 2.3', NULL),
	('med_type', '000000', '23', '转外诊治住院', 'inpatient, transferred away', NULL, 'inpatient', 'several', 'collected interface material, 2.3', NULL),
	('med_type', '000000', '24', '急诊转住院', 'inpatient from emergency', NULL, 'inpatient', 'inferred', 'collected interface material, 2.3', 'not in the grouping; by its name'),
	('med_type', '000000', '41', '定点药店购药', 'pharmacy', NULL, 'pharmacy', 'several', 'collected interface material, 2.3', NULL),
	('med_type', '000000', '51', '生育门诊', 'outpatient, maternity', NULL, 'outpatient', 'several', 'collected interface material, 2.3', NULL),
	('med_type', '000000', '52', '生育住院', 'inpatient, maternity', NULL, 'inpatient', 'several', 'collected interface material, 2.3', NULL),
	('med_type', '000000', '53', '计划生育手术费', 'family planning operation', NULL, 'outpatient', 'several', 'collected interface material, 2.3', NULL),
	('med_type', '000000', '99', '其他', 'other or local', NULL, NULL, 'several', 'collected interface material, 2.3', NULL);

-- med_type of regions
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('med_type', '500000', '9901', '重大疾病门诊', 'outpatient, major disease', '99', 'outpatient', 'local', 'collected interface material, 2.3', NULL),
	('med_type', '500000', '9902', '重大疾病住院', 'inpatient, major disease', '99', 'inpatient', 'local', 'collected interface material, 2.3', NULL),
	('med_type', '500000', '9903', '儿童两病门诊', 'two diseases of children, outpatient', '99', 'outpatient', 'inferred', 'collected interface material, 2.3', 'the material says 9903/9904 儿童两病 and 9906/9907 耐多药结核; outpatient and inpatient by the order of 9901/9902'),
	('med_type', '500000', '9904', '儿童两病住院', 'two diseases of children, inpatient', '99', 'inpatient', 'inferred', 'collected interface material, 2.3', 'the material says 9903/9904 儿童两病 and 9906/9907 耐多药结核; outpatient and inpatient by the order of 9901/9902'),
	('med_type', '500000', '9906', '耐多药结核门诊', 'multi-resistant tuberculosis, outpatient', '99', 'outpatient', 'inferred', 'collected interface material, 2.3', 'the material says 9903/9904 儿童两病 and 9906/9907 耐多药结核; outpatient and inpatient by the order of 9901/9902'),
	('med_type', '500000', '9907', '耐多药结核住院', 'multi-resistant tuberculosis, inpatient', '99', 'inpatient', 'inferred', 'collected interface material, 2.3', 'the material says 9903/9904 儿童两病 and 9906/9907 耐多药结核; outpatient and inpatient by the order of 9901/9902'),
	('med_type', '500000', '9921', '新生儿随母住院', 'new-born with its mother', '99', 'inpatient', 'local', 'collected interface material, 2.3', NULL),
	('med_type', '500000', '9925', '转入住院', 'inpatient, transferred in', '99', 'inpatient', 'local', 'collected interface material, 2.3', NULL),
	('med_type', '430000', '9901', '门诊两病', 'outpatient, two diseases', '99', 'outpatient', 'local', 'collected interface material, 2.3', NULL),
	('med_type', '430000', '2101', '普通住院（2101）', 'inpatient (2101)', '21', 'inpatient', 'local', 'collected interface material, 2.3', 'a variant; the material gives no name'),
	('med_type', '430000', '2102', '普通住院（2102）', 'inpatient (2102)', '21', 'inpatient', 'local', 'collected interface material, 2.3', 'a variant; the material gives no name'),
	('med_type', '430000', '2106', '居民生育住院（2106）', 'inpatient, childbirth of residents (2106)', '21', 'inpatient', 'local', 'collected interface material, 2.3', NULL),
	('med_type', '430000', '2107', '居民生育住院（2107）', 'inpatient, childbirth of residents (2107)', '21', 'inpatient', 'local', 'collected interface material, 2.3', NULL),
	('med_type', '440300', '71', '本地类别（71）', 'local (71)', NULL, NULL, 'local', 'collected interface material, 2.3', 'the material gives no name'),
	('med_type', '110000', '急诊留观', '急诊留观', 'emergency observation', NULL, 'inpatient', 'inferred', '北京市城乡居民基本医疗保险办法实施细则 第二十一条', 'settled by the inpatient standard'),
	('med_type', '110000', '家庭病床', '治疗性家庭病床', 'home bed', NULL, 'inpatient', 'inferred', '北京市城乡居民基本医疗保险办法实施细则 第二十二条', 'settled by the inpatient standard, half the deductible');

-- hosp_lv 医院等级; maps_to: the level in dedc_hosp_lv
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('hosp_lv', '000000', '01', '三级特等', 'third level, special', NULL, '3', 'several', 'collected interface material, 2.5', 'the level is by the name'),
	('hosp_lv', '000000', '02', '三级甲等', 'third level A', NULL, '3', 'several', 'collected interface material, 2.5', 'the level is by the name'),
	('hosp_lv', '000000', '03', '三级乙等', 'third level B', NULL, '3', 'several', 'collected interface material, 2.5', 'the level is by the name'),
	('hosp_lv', '000000', '04', '三级丙等', 'third level C', NULL, '3', 'several', 'collected interface material, 2.5', 'the level is by the name'),
	('hosp_lv', '000000', '05', '二级甲等', 'second level A', NULL, '2', 'several', 'collected interface material, 2.5', 'the level is by the name'),
	('hosp_lv', '000000', '06', '二级乙等', 'second level B', NULL, '2', 'several', 'collected interface material, 2.5', 'the level is by the name'),
	('hosp_lv', '000000', '07', '二级丙等', 'second level C', NULL, '2', 'several', 'collected interface material, 2.5', 'the level is by the name'),
	('hosp_lv', '000000', '08', '一级甲等', 'first level A', NULL, '1', 'several', 'collected interface material, 2.5', 'the level is by the name'),
	('hosp_lv', '000000', '09', '一级乙等', 'first level B', NULL, '1', 'several', 'collected interface material, 2.5', 'the level is by the name'),
	('hosp_lv', '000000', '10', '一级丙等', 'first level C', NULL, '1', 'several', 'collected interface material, 2.5', 'the level is by the name'),
	('hosp_lv', '000000', '11', '无等级', 'without level', NULL, '9', 'several', 'collected interface material, 2.5', 'the level is by the name');

-- dedc_hosp_lv 起付线医院等级, lmtpric_hosp_lv 限价医院等级: what a deductible and a ceiling price go by. 1 and 9 were seen; the meanings are presumed.
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('dedc_hosp_lv', '000000', '1', '一级及以下', 'first level or below', NULL, NULL, 'inferred', 'collected interface material, 2.5', 'presumed: 一/二/三/无级'),
	('dedc_hosp_lv', '000000', '2', '二级', 'second level', NULL, NULL, 'inferred', 'collected interface material, 2.5', 'presumed: 一/二/三/无级'),
	('dedc_hosp_lv', '000000', '3', '三级', 'third level', NULL, NULL, 'inferred', 'collected interface material, 2.5', 'presumed: 一/二/三/无级'),
	('dedc_hosp_lv', '000000', '9', '无等级', 'without level', NULL, NULL, 'inferred', 'collected interface material, 2.5', 'presumed: 一/二/三/无级'),
	('lmtpric_hosp_lv', '000000', '1', '一级及以下', 'first level or below', NULL, NULL, 'inferred', 'collected interface material, 2.5', 'presumed: 一/二/三/无级'),
	('lmtpric_hosp_lv', '000000', '2', '二级', 'second level', NULL, NULL, 'inferred', 'collected interface material, 2.5', 'presumed: 一/二/三/无级'),
	('lmtpric_hosp_lv', '000000', '3', '三级', 'third level', NULL, NULL, 'inferred', 'collected interface material, 2.5', 'presumed: 一/二/三/无级'),
	('lmtpric_hosp_lv', '000000', '9', '无等级', 'without level', NULL, NULL, 'inferred', 'collected interface material, 2.5', 'presumed: 一/二/三/无级');

-- fund_pay_type 基金支付类型; maps_to: kind of layer, hospital or patient; national_column: the column of setlinfo, none where the material gives a choice.
-- Columns other than of 3101, 3102, 3201, 3301, 3701, 3901, 3902, 6101 and 9999xx are inferences of the material. 3101xx to 6101xx: two spellings of one fund (…00 parent, …01 leaf).
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, national_column, mark, source, note) VALUES
	('fund_pay_type', '000000', '310100', '职工基本医疗保险统筹基金', 'pool of employees', NULL, 'basic', 'hifp_pay', 'verified', 'collected interface material, 2.6', NULL),
	('fund_pay_type', '000000', '310101', '职工基本医疗保险统筹基金', 'pool of employees', '310100', 'basic', 'hifp_pay', 'verified', 'collected interface material, 2.6', NULL),
	('fund_pay_type', '000000', '310200', '职工基本医疗保险个人账户基金', 'personal account of employees', NULL, 'patient', 'acct_pay', 'verified', 'collected interface material, 2.6', 'not a fund: part of what the person bears'),
	('fund_pay_type', '000000', '310201', '职工基本医疗保险个人账户基金', 'personal account of employees', '310200', 'patient', 'acct_pay', 'verified', 'collected interface material, 2.6', 'not a fund: part of what the person bears'),
	('fund_pay_type', '500000', '310103', '生育', 'maternity', '310100', 'basic', 'hifp_pay', 'local', 'collected interface material, 2.6', NULL),
	('fund_pay_type', '440000', '310300', '职工大病', 'critical illness of employees', NULL, 'critical', 'hifmi_pay', 'local', 'collected interface material, 2.6', NULL),
	('fund_pay_type', '000000', '310400', '军转干部', 'demobilised officers', NULL, 'other', 'oth_pay', 'local', 'collected interface material, 2.6', 'met with a regions name on it; the material does not say which region'),
	('fund_pay_type', '000000', '310500', '破产改制代缴', 'bankrupt and restructured enterprises', NULL, 'other', 'oth_pay', 'local', 'collected interface material, 2.6', 'met with a regions name on it; the material does not say which region'),
	('fund_pay_type', '000000', '320100', '公务员医疗补助基金', 'civil servant subsidy', NULL, 'supplementary', 'cvlserv_pay', 'several', 'collected interface material, 2.6', NULL),
	('fund_pay_type', '000000', '320101', '公务员医疗补助基金', 'civil servant subsidy', '320100', 'supplementary', 'cvlserv_pay', 'several', 'collected interface material, 2.6', NULL),
	('fund_pay_type', '000000', '320200', '厅级干部补助', 'subsidy of department-rank cadres', NULL, 'supplementary', NULL, 'local', 'collected interface material, 2.6', 'cvlserv_pay or oth_pay; met with a regions name on it; the material does not say which region'),
	('fund_pay_type', '000000', '330100', '大额医疗费用补助基金', 'large amounts of employees', NULL, 'critical', 'hifob_pay', 'verified', 'collected interface material, 2.6', NULL),
	('fund_pay_type', '000000', '330101', '大额医疗费用补助基金', 'large amounts of employees', '330100', 'critical', 'hifob_pay', 'verified', 'collected interface material, 2.6', NULL),
	('fund_pay_type', '000000', '330200', '职工意外伤害', 'accidents of employees', NULL, 'other', 'oth_pay', 'local', 'collected interface material, 2.6', 'met with a regions name on it; the material does not say which region'),
	('fund_pay_type', '000000', '340100', '离休人员', 'retired revolutionary cadres', NULL, 'other', 'oth_pay', 'several', 'collected interface material, 2.6', NULL),
	('fund_pay_type', '000000', '340200', '离休老工人门慢', 'retired workers, chronic outpatient', NULL, 'other', 'oth_pay', 'local', 'collected interface material, 2.6', 'met with a regions name on it; the material does not say which region'),
	('fund_pay_type', '000000', '350100', '一至六级残疾军人医疗补助基金', 'disabled servicemen', NULL, 'supplementary', 'hifdm_pay', 'several', 'collected interface material, 2.6', 'oth_pay where that column does not exist (inferred)'),
	('fund_pay_type', '220000', '360100', '财政基金', 'budget fund', NULL, 'other', 'oth_pay', 'local', 'collected interface material, 2.6', NULL),
	('fund_pay_type', '220000', '360300', '保健预支', 'health care advance', NULL, 'other', 'oth_pay', 'local', 'collected interface material, 2.6', NULL),
	('fund_pay_type', '000000', '370100', '企业补充医疗保险基金', 'supplementary insurance of enterprises', NULL, 'supplementary', 'hifes_pay', 'several', 'collected interface material, 2.6', NULL),
	('fund_pay_type', '000000', '370200', '公益补充', 'public-benefit supplement', NULL, 'supplementary', 'hifes_pay', 'local', 'collected interface material, 2.6', 'met with a regions name on it; the material does not say which region'),
	('fund_pay_type', '000000', '390100', '城乡居民统筹基金', 'pool of residents', NULL, 'basic', 'hifp_pay', 'several', 'collected interface material, 2.6', NULL),
	('fund_pay_type', '000000', '390101', '城乡居民统筹基金', 'pool of residents', '390100', 'basic', 'hifp_pay', 'several', 'collected interface material, 2.6', NULL),
	('fund_pay_type', '000000', '390102', '居民门诊统筹', 'outpatient pool of residents', '390100', 'basic', 'hifp_pay', 'several', 'collected interface material, 2.6', NULL),
	('fund_pay_type', '000000', '390200', '居民大病医疗保险基金', 'critical illness insurance of residents', NULL, 'critical', 'hifmi_pay', 'several', 'collected interface material, 2.6', 'one system uses 391100'),
	('fund_pay_type', '000000', '390201', '居民大病医疗保险基金', 'critical illness insurance of residents', '390200', 'critical', 'hifmi_pay', 'several', 'collected interface material, 2.6', 'one system uses 391100'),
	('fund_pay_type', '000000', '390300', '居民大病补充', 'supplement to critical illness of residents', NULL, 'critical', 'hifmi_pay', 'local', 'collected interface material, 2.6', 'met with a regions name on it; the material does not say which region'),
	('fund_pay_type', '000000', '390400', '居民意外伤害', 'accidents of residents', NULL, 'other', 'oth_pay', 'several', 'collected interface material, 2.6', 'not to be joined with FUND_MNY_CODE of Hebeis clearing, where 390400 is basic and 390500 critical'),
	('fund_pay_type', '000000', '390401', '居民意外伤害', 'accidents of residents', '390400', 'other', 'oth_pay', 'several', 'collected interface material, 2.6', 'not to be joined with FUND_MNY_CODE of Hebeis clearing, where 390400 is basic and 390500 critical'),
	('fund_pay_type', '000000', '390500', '居民家庭账户', 'family account of residents', NULL, 'patient', 'acct_pay', 'local', 'collected interface material, 2.6', 'acct_pay is inferred; met with a regions name on it; the material does not say which region'),
	('fund_pay_type', '430000', '410100', '工伤', 'work injury', NULL, 'other', 'oth_pay', 'local', 'collected interface material, 2.6', 'the number would suggest long-term care'),
	('fund_pay_type', '000000', '510100', '生育基金', 'maternity fund', NULL, 'basic', 'hifp_pay', 'several', 'collected interface material, 2.6', NULL),
	('fund_pay_type', '000000', '610100', '医疗救助基金', 'medical assistance', NULL, 'assistance', 'maf_pay', 'several', 'collected interface material, 2.6', NULL),
	('fund_pay_type', '000000', '610101', '医疗救助基金', 'medical assistance', '610100', 'assistance', 'maf_pay', 'several', 'collected interface material, 2.6', NULL),
	('fund_pay_type', '500000', '610102', '医疗再救助', 'second assistance', NULL, 'tilt', NULL, 'local', 'collected interface material, 2.6', 'oth_pay or maf_pay; elsewhere the code means 重大疾病补充'),
	('fund_pay_type', '000000', '610103', '健康扶贫', 'health poverty relief', NULL, 'other', 'oth_pay', 'local', 'collected interface material, 2.6', 'met with a regions name on it; the material does not say which region'),
	('fund_pay_type', '000000', '610104', '精准脱贫', 'targeted poverty relief', NULL, 'other', 'oth_pay', 'local', 'collected interface material, 2.6', 'met with a regions name on it; the material does not say which region'),
	('fund_pay_type', '000000', '610200', '优抚对象医疗补助', 'subsidy of entitled groups', NULL, 'other', 'oth_pay', 'several', 'collected interface material, 2.6', NULL),
	('fund_pay_type', '430000', '620100', '特惠保', 'preferential insurance', NULL, 'supplementary', NULL, 'local', 'collected interface material, 2.6', 'hifes_pay or oth_pay: the material gives both, and the code collides between regions'),
	('fund_pay_type', '430000', '620101', '特惠保', 'preferential insurance', '620100', 'supplementary', NULL, 'local', 'collected interface material, 2.6', 'hifes_pay or oth_pay: the material gives both, and the code collides between regions'),
	('fund_pay_type', '220000', '620100', '照护保险', 'care insurance', NULL, 'other', NULL, 'local', 'collected interface material, 2.6', 'hifes_pay or oth_pay: the material gives both, and the code collides between regions'),
	('fund_pay_type', '220000', '620101', '照护保险', 'care insurance', '620100', 'other', NULL, 'local', 'collected interface material, 2.6', 'hifes_pay or oth_pay: the material gives both, and the code collides between regions'),
	('fund_pay_type', '350500', '620100', '商业保险责任二', 'commercial insurance, second liability', NULL, 'supplementary', NULL, 'local', 'collected interface material, 2.6', 'hifes_pay or oth_pay: the material gives both, and the code collides between regions'),
	('fund_pay_type', '350500', '620101', '商业保险责任二', 'commercial insurance, second liability', '620100', 'supplementary', NULL, 'local', 'collected interface material, 2.6', 'hifes_pay or oth_pay: the material gives both, and the code collides between regions'),
	('fund_pay_type', '440000', '620100', '企业或商业补充', 'supplement of enterprise or insurer', NULL, 'supplementary', NULL, 'local', 'collected interface material, 2.6', 'hifes_pay or oth_pay: the material gives both, and the code collides between regions'),
	('fund_pay_type', '440000', '620101', '企业或商业补充', 'supplement of enterprise or insurer', '620100', 'supplementary', NULL, 'local', 'collected interface material, 2.6', 'hifes_pay or oth_pay: the material gives both, and the code collides between regions'),
	('fund_pay_type', '000000', '630100', '医院减免金额', 'relief by the hospital', NULL, 'hospital', NULL, 'several', 'collected interface material, 2.6', 'hosp_part_amt or oth_pay'),
	('fund_pay_type', '000000', '630101', '医院减免金额', 'relief by the hospital', '630100', 'hospital', NULL, 'several', 'collected interface material, 2.6', 'hosp_part_amt or oth_pay'),
	('fund_pay_type', '000000', '640100', '政府兜底基金', 'government backstop', NULL, 'government', 'oth_pay', 'several', 'collected interface material, 2.6', NULL),
	('fund_pay_type', '000000', '640101', '政府兜底基金', 'government backstop', '640100', 'government', 'oth_pay', 'several', 'collected interface material, 2.6', NULL),
	('fund_pay_type', '000000', '910100', '其他', 'other, set by the remote platform', NULL, 'other', 'oth_pay', 'several', 'collected interface material, 2.6', NULL),
	('fund_pay_type', '000000', '999109', '农村低收入补充保险', 'supplement for low income in the country', NULL, 'other', 'oth_pay', 'local', 'collected interface material, 2.6', 'met with a regions name on it; the material does not say which region'),
	('fund_pay_type', '000000', '999900', '医院垫付', 'advanced by the hospital', NULL, 'hospital', 'hosp_part_amt', 'several', 'collected interface material, 2.6', 'not a fund'),
	('fund_pay_type', '000000', '999996', '医院垫付', 'advanced by the hospital', NULL, 'hospital', 'hosp_part_amt', 'verified', 'collected interface material, 2.6', 'not a fund'),
	('fund_pay_type', '000000', '999901', '区级公务员', 'civil servants of a district', NULL, 'other', 'oth_pay', 'local', 'collected interface material, 2.6', 'met with a regions name on it; the material does not say which region'),
	('fund_pay_type', '000000', '999997', '其他基金', 'other funds', NULL, 'other', 'oth_pay', 'verified', 'collected interface material, 2.6', 'the true local code is sometimes in setl_proc_info'),
	('fund_pay_type', '500000', '999997', '医院负担（冲正）', 'hospital share on reversals', NULL, 'hospital', 'hosp_part_amt', 'local', 'collected interface material, 2.6', 'on reversals; otherwise 其他基金'),
	('fund_pay_type', '000000', '999998', '个人负担', 'borne by the person', NULL, 'patient', 'psn_part_amt', 'single', 'collected interface material, 2.6', 'of a rule engine');

-- clr_type 清算类别
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('clr_type', '000000', '11', '门诊', 'outpatient', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('clr_type', '000000', '21', '住院', 'inpatient', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('clr_type', '000000', '41', '药店购药', 'pharmacy', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('clr_type', '000000', '99', '其他', 'other', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('clr_type', '000000', '9902', '省内异地（9902）', 'elsewhere in the province (9902)', '99', NULL, 'several', 'collected interface material, 2.8', 'the material gives no name'),
	('clr_type', '000000', '9903', '省内异地（9903）', 'elsewhere in the province (9903)', '99', NULL, 'several', 'collected interface material, 2.8', 'the material gives no name'),
	('clr_type', '000000', '9907', '省内异地（9907）', 'elsewhere in the province (9907)', '99', NULL, 'several', 'collected interface material, 2.8', 'the material gives no name'),
	('clr_type', '000000', '9908', '省内异地（9908）', 'elsewhere in the province (9908)', '99', NULL, 'several', 'collected interface material, 2.8', 'the material gives no name'),
	('clr_type', '000000', '9909', '跨省异地（9909）', 'in another province (9909)', '99', NULL, 'several', 'collected interface material, 2.8', 'the material gives no name'),
	('clr_type', '000000', '9910', '跨省异地（9910）', 'in another province (9910)', '99', NULL, 'several', 'collected interface material, 2.8', 'the material gives no name'),
	('clr_type', '000000', '9921', '跨省异地（9921）', 'in another province (9921)', '99', NULL, 'several', 'collected interface material, 2.8', 'the material gives no name'),
	('clr_type', '000000', '9936', '跨省异地（9936）', 'in another province (9936)', '99', NULL, 'several', 'collected interface material, 2.8', 'the material gives no name');

-- clr_way 清算方式; real rows also carry 3 and 01
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('clr_way', '000000', '1', '按项目', 'by item', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('clr_way', '000000', '10', '按项目', 'by item', '1', NULL, 'several', 'collected interface material, 2.8', NULL),
	('clr_way', '000000', '20', '单病种', 'by disease', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('clr_way', '000000', '30', '病种分值', 'by disease score', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('clr_way', '000000', '40', 'DRG', 'by DRG', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('clr_way', '000000', '50', '按床日', 'by bed day', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('clr_way', '000000', '60', '按人头', 'per head', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('clr_way', '000000', '99', '其他', 'other', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('clr_way', '000000', '915', '次均定额', 'fixed amount a visit', NULL, NULL, 'local', 'collected interface material, 2.8', 'one region''s code; the material does not say which region');

-- setl_type 结算类别
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('setl_type', '000000', '1', '中心报销', 'at the centre', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('setl_type', '000000', '2', '联网结算', 'online', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('setl_type', '000000', '3', '补充报销', 'supplementary', NULL, NULL, 'several', 'collected interface material, 2.8', NULL);

-- psn_setlway 个人结算方式
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('psn_setlway', '000000', '01', '按项目', 'by item', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('psn_setlway', '000000', '02', '按定额', 'by fixed amount', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('psn_setlway', '000000', '0201', '单病种', 'by disease', '02', NULL, 'several', 'collected interface material, 2.8', NULL),
	('psn_setlway', '000000', '0202', '日间手术', 'day surgery', '02', NULL, 'several', 'collected interface material, 2.8', NULL);

-- refd_setl_flag 退费结算标志 on a row (as a flag of a request it means something else)
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('refd_setl_flag', '000000', '0', '正常', 'normal', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('refd_setl_flag', '000000', '1', '退费', 'refund', NULL, NULL, 'several', 'collected interface material, 2.8', NULL);

-- vali_flag 有效标志
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('vali_flag', '000000', '0', '无效', 'invalid', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('vali_flag', '000000', '1', '有效', 'valid', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('vali_flag', '000000', '2', '冲正暂停', 'suspended by a reversal of unknown outcome', NULL, NULL, 'several', 'collected interface material, 2.8', NULL);

-- clr_stas 清算状态
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('clr_stas', '000000', '10', '已申请', 'applied', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('clr_stas', '000000', '20', '已受理', 'accepted', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('clr_stas', '000000', '30', '审核中', 'under review', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('clr_stas', '000000', '40', '已审核', 'reviewed', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('clr_stas', '000000', '50', '已清算', 'cleared', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('clr_stas', '000000', '60', '已拨付', 'paid', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('clr_stas', '000000', '70', '驳回', 'rejected', NULL, NULL, 'several', 'collected interface material, 2.8', NULL);

-- pay_loc 支付地点类别
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('pay_loc', '000000', '2', '医疗机构', 'medical institution', NULL, NULL, 'several', 'collected interface material, 2.8', 'other codes are not verified');

-- manl_reim_rea 零星报销原因
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('manl_reim_rea', '000000', '01', '一般', 'ordinary', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('manl_reim_rea', '000000', '02', '无卡', 'no card', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('manl_reim_rea', '000000', '03', '异地就诊', 'care elsewhere', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('manl_reim_rea', '000000', '04', '急救', 'emergency', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('manl_reim_rea', '000000', '05', '异地转诊', 'referred elsewhere', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('manl_reim_rea', '000000', '06', '医疗救助补报销', 'assistance, afterwards', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('manl_reim_rea', '000000', '07', '院前检查', 'examined before admission', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('manl_reim_rea', '000000', '08', '年度二次补报销', 'second reimbursement of the year', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('manl_reim_rea', '000000', '09', '二次零星（09）', 'second manual claim (09)', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('manl_reim_rea', '000000', '10', '二次零星（10）', 'second manual claim (10)', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('manl_reim_rea', '000000', '99', '其他', 'other', NULL, NULL, 'several', 'collected interface material, 2.8', NULL);

-- mdtrt_cert_type 就诊凭证类型
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('mdtrt_cert_type', '000000', '01', '医保电子凭证', 'electronic insurance certificate', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('mdtrt_cert_type', '000000', '02', '身份证', 'identity card', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('mdtrt_cert_type', '000000', '03', '社保卡', 'social security card', NULL, NULL, 'several', 'collected interface material, 2.8', NULL);

-- psn_insu_stas 参保状态
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('psn_insu_stas', '000000', '0', '未参保', 'not insured', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('psn_insu_stas', '000000', '1', '正常参保', 'normal', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('psn_insu_stas', '000000', '2', '暂停参保', 'paused', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('psn_insu_stas', '000000', '3', '无效', 'invalid', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('psn_insu_stas', '000000', '4', '终止参保', 'ended', NULL, NULL, 'several', 'collected interface material, 2.8', NULL);

-- trt_enjymnt_flag 待遇享受标志
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('trt_enjymnt_flag', '000000', '0', '不享受', 'no', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('trt_enjymnt_flag', '000000', '1', '享受', 'yes', NULL, NULL, 'several', 'collected interface material, 2.8', NULL);

-- trt_chk_type 待遇检查类型
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('trt_chk_type', '000000', '01', '基金检查', 'fund check', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('trt_chk_type', '000000', '99', '其他', 'other', NULL, NULL, 'several', 'collected interface material, 2.8', NULL);

-- evt_type: event type (the material names the codes, not the field)
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('evt_type', '000000', '01', '新增', 'add', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('evt_type', '000000', '02', '变更', 'change', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('evt_type', '000000', '03', '停止', 'stop', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('evt_type', '000000', '04', '冲正', 'reverse', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('evt_type', '000000', '05', '撤销', 'undo', NULL, NULL, 'several', 'collected interface material, 2.8', NULL),
	('evt_type', '000000', '06', '冲撤销', 'reverse an undo', NULL, NULL, 'several', 'collected interface material, 2.8', NULL);

-- chrgitm_lv 收费项目等级
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('chrgitm_lv', '000000', '01', '甲类', 'class A', NULL, NULL, 'several', 'collected interface material, 1.6', NULL),
	('chrgitm_lv', '000000', '02', '乙类', 'class B', NULL, NULL, 'several', 'collected interface material, 1.6', NULL),
	('chrgitm_lv', '000000', '03', '丙类、自费', 'class C, own pay', NULL, NULL, 'several', 'collected interface material, 1.6', NULL);

-- cvlserv_flag 公务员标志
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('cvlserv_flag', '000000', '0', '否', 'no', NULL, NULL, 'several', 'collected interface material, 1.1', NULL),
	('cvlserv_flag', '000000', '1', '是', 'yes', NULL, NULL, 'several', 'collected interface material, 1.1', NULL);

-- psn_cert_type 人员证件类型
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('psn_cert_type', '000000', '01', '居民身份证', 'identity card', NULL, NULL, 'several', 'collected interface material, 2.9', NULL),
	('psn_cert_type', '000000', '02', '军官证', 'officer', NULL, NULL, 'several', 'collected interface material, 2.9', NULL),
	('psn_cert_type', '000000', '03', '武警警官证', 'armed police officer', NULL, NULL, 'several', 'collected interface material, 2.9', NULL),
	('psn_cert_type', '000000', '04', '港澳（香港）', 'Hong Kong', NULL, NULL, 'several', 'collected interface material, 2.9', NULL),
	('psn_cert_type', '000000', '05', '澳门', 'Macao', NULL, NULL, 'several', 'collected interface material, 2.9', NULL),
	('psn_cert_type', '000000', '06', '台湾居民来往大陆通行证', 'Taiwan resident', NULL, NULL, 'several', 'collected interface material, 2.9', NULL),
	('psn_cert_type', '000000', '07', '外国人永久居留证', 'foreigner, permanent resident', NULL, NULL, 'several', 'collected interface material, 2.9', NULL),
	('psn_cert_type', '000000', '08', '外国护照', 'foreign passport', NULL, NULL, 'several', 'collected interface material, 2.9', NULL),
	('psn_cert_type', '000000', '09', '残疾人证', 'disabled', NULL, NULL, 'several', 'collected interface material, 2.9', NULL),
	('psn_cert_type', '000000', '10', '军烈属证明', 'family of servicemen and martyrs', NULL, NULL, 'several', 'collected interface material, 2.9', NULL),
	('psn_cert_type', '000000', '11', '外国人就业证', 'foreigner, employed', NULL, NULL, 'several', 'collected interface material, 2.9', NULL),
	('psn_cert_type', '000000', '12', '外国专家证', 'foreign expert', NULL, NULL, 'several', 'collected interface material, 2.9', NULL),
	('psn_cert_type', '000000', '13', '外国常驻记者证', 'foreign correspondent', NULL, NULL, 'several', 'collected interface material, 2.9', NULL),
	('psn_cert_type', '000000', '14', '台港澳就业证', 'employed from Taiwan, Hong Kong, Macao', NULL, NULL, 'several', 'collected interface material, 2.9', NULL),
	('psn_cert_type', '000000', '15', '回国定居专家证', 'returned expert', NULL, NULL, 'several', 'collected interface material, 2.9', NULL),
	('psn_cert_type', '000000', '16', '中国护照', 'Chinese passport', NULL, NULL, 'several', 'collected interface material, 2.9', NULL),
	('psn_cert_type', '000000', '17', '港澳台居住证', 'resident from Hong Kong, Macao, Taiwan', NULL, NULL, 'several', 'collected interface material, 2.9', NULL),
	('psn_cert_type', '000000', '90', '社会保障卡', 'social security card', NULL, NULL, 'several', 'collected interface material, 2.9', NULL),
	('psn_cert_type', '000000', '91', '保密人员证件', 'classified person', NULL, NULL, 'several', 'collected interface material, 2.9', NULL),
	('psn_cert_type', '000000', '99', '其他', 'other', NULL, NULL, 'several', 'collected interface material, 2.9', NULL);

-- psn_idet_type 人员身份类别: leading codes seen in constants; maps_to: a policy class where the name is one. The fine codes are in assistance.category.
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('psn_idet_type', '000000', '01', '优抚对象', 'entitled group', NULL, NULL, 'single', 'collected interface material, 2.4', NULL),
	('psn_idet_type', '000000', '02', '困难人员类别', 'hardship', NULL, NULL, 'single', 'collected interface material, 2.4', NULL),
	('psn_idet_type', '000000', '03', '精准扶贫对象', 'targeted poverty relief', NULL, '建档立卡', 'inferred', 'collected interface material, 2.4', NULL),
	('psn_idet_type', '000000', '05', '公务员', 'civil servant', NULL, NULL, 'single', 'collected interface material, 2.4', NULL),
	('psn_idet_type', '000000', '07', '医疗照顾人员', 'medical care granted', NULL, NULL, 'single', 'collected interface material, 2.4', NULL),
	('psn_idet_type', '000000', '23', '医疗救助人员', 'medical assistance', NULL, NULL, 'single', 'collected interface material, 2.4', NULL);

-- cum_type 累计类别 of 5206; a suffix _BIZ and a med_type narrows it
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('cum_type', '000000', 'C0000', '就诊次数', 'visits', NULL, NULL, 'several', 'collected interface material, 2.11', NULL),
	('cum_type', '000000', 'F0000', '费用总额', 'total fee', NULL, NULL, 'several', 'collected interface material, 2.11', NULL),
	('cum_type', '000000', 'Q0000', '已付起付线', 'deductible already paid', NULL, NULL, 'several', 'collected interface material, 2.11', NULL),
	('cum_type', '000000', 'S0000', '分段基数', 'segment base', NULL, NULL, 'several', 'collected interface material, 2.11', NULL),
	('cum_type', '000000', 'D310101', '职工统筹支付', 'pool paid, employees', NULL, 'basic', 'several', 'collected interface material, 2.11', NULL),
	('cum_type', '000000', 'D390101', '居民统筹支付', 'pool paid, residents', NULL, 'basic', 'several', 'collected interface material, 2.11', NULL),
	('cum_type', '000000', 'D390102', '居民门诊统筹支付', 'outpatient pool paid, residents', NULL, 'basic', 'several', 'collected interface material, 2.11', NULL),
	('cum_type', '000000', 'D310201', '个人账户支付', 'account paid', NULL, 'patient', 'several', 'collected interface material, 2.11', NULL),
	('cum_type', '000000', 'D320101', '公务员补助支付', 'civil servant subsidy paid', NULL, 'supplementary', 'several', 'collected interface material, 2.11', NULL),
	('cum_type', '000000', 'D330101', '大额支付', 'large amount paid', NULL, 'critical', 'several', 'collected interface material, 2.11', NULL),
	('cum_type', '000000', 'D390201', '大病保险支付', 'critical illness paid', NULL, 'critical', 'several', 'collected interface material, 2.11', NULL),
	('cum_type', '000000', 'TS390201', '大病保险范围内费用', 'cost in scope of critical illness', NULL, 'critical', 'several', 'collected interface material, 2.11', NULL),
	('cum_type', '000000', 'D610101', '医疗救助支付', 'assistance paid', NULL, 'assistance', 'several', 'collected interface material, 2.11', NULL);

-- codes that the documents behind the packs need: persons (maps_to: psn_type), referral, place, disease
INSERT INTO assistance.code_dictionary (dictionary, region, code, zh, en, parent, maps_to, mark, source, note) VALUES
	('psn_type', '110000', '城乡老年人', '城乡老年人', 'elderly', NULL, '16', 'inferred', '北京市城乡居民基本医疗保险办法实施细则 第二十一条', NULL),
	('psn_type', '110000', '劳动年龄居民', '劳动年龄内居民', 'working age', NULL, '15', 'inferred', '北京市城乡居民基本医疗保险办法实施细则 第二十一条', NULL),
	('psn_type', '110000', '学生儿童', '学生儿童', 'students and children', NULL, '14', 'inferred', '北京市城乡居民基本医疗保险办法实施细则 第二十一条', NULL),
	('psn_type', '150900', '在职', '在职职工', 'working', NULL, '11', 'inferred', '乌兰察布市中心医院：城镇职工医疗保险政策解读 三', NULL),
	('psn_type', '150900', '退休', '退休职工', 'retired', NULL, '12', 'inferred', '乌兰察布市中心医院：城镇职工医疗保险政策解读 三', NULL),
	('psn_type', '360100', '职工', '职工，无公务员补助', 'employee without civil servant subsidy', NULL, NULL, 'stated', '南昌市机关事业单位人员医疗补助实施办法（据公开汇编转述）', NULL),
	('psn_type', '360100', '科级在职', '科级及以下在职公务员', 'civil servant, section rank or below, working', NULL, '1102', 'inferred', '南昌市机关事业单位人员医疗补助实施办法（据公开汇编转述）', NULL),
	('psn_type', '360100', '科级退休', '科级及以下退休公务员', 'civil servant, section rank or below, retired', NULL, '1202', 'inferred', '南昌市机关事业单位人员医疗补助实施办法（据公开汇编转述）', NULL),
	('psn_type', '360100', '县级在职', '县级在职公务员', 'civil servant, county rank, working', NULL, '1102', 'inferred', '南昌市机关事业单位人员医疗补助实施办法（据公开汇编转述）', NULL),
	('psn_type', '360100', '县级退休', '县级退休公务员', 'civil servant, county rank, retired', NULL, '1202', 'inferred', '南昌市机关事业单位人员医疗补助实施办法（据公开汇编转述）', NULL),
	('psn_type', '360100', '厅级', '厅级及以上公务员', 'civil servant, department rank or above', NULL, NULL, 'stated', '南昌市机关事业单位人员医疗补助实施办法（据公开汇编转述）', NULL),
	('referral', '110000', '规范', '基层首诊、已转诊或无需转诊', 'first visit at the base, referred, or no referral needed', NULL, NULL, 'stated', '京医保发〔2022〕37号 十（三）；北京市城乡居民基本医疗保险办法实施细则 第十四条、第二十五条', NULL),
	('referral', '110000', '急诊', '急诊', 'emergency', NULL, NULL, 'stated', '京医保发〔2022〕37号 十（三）；北京市城乡居民基本医疗保险办法实施细则 第十四条、第二十五条', NULL),
	('referral', '110000', '转院', '24小时内转院，转出院已发生基金支付', 'transfer within 24 hours, the sending hospital has been paid', NULL, NULL, 'stated', '京医保发〔2022〕37号 十（三）；北京市城乡居民基本医疗保险办法实施细则 第十四条、第二十五条', NULL),
	('referral', '110000', '未转诊', '未按规定转诊', 'not referred as required', NULL, NULL, 'stated', '京医保发〔2022〕37号 十（三）；北京市城乡居民基本医疗保险办法实施细则 第十四条、第二十五条', NULL),
	('referral', '130000', '无需转诊', '县域内就医，无需转诊', 'in the county, no referral needed', NULL, NULL, 'stated', '冀政办发〔2015〕26号 三（四）', NULL),
	('referral', '130000', '已转诊', '按规定履行转诊手续并备案', 'referred and recorded', NULL, NULL, 'stated', '冀政办发〔2015〕26号 三（四）', NULL),
	('referral', '130000', '未转诊', '未按规定转诊', 'not referred as required', NULL, NULL, 'stated', '冀政办发〔2015〕26号 三（四）', NULL),
	('referral', '150900', '无需转诊', '市内就医，无需转诊', 'in the city, no referral needed', NULL, NULL, 'stated', '乌兰察布市中心医院：城乡居民医疗保险政策解读 十', NULL),
	('referral', '150900', '备案', '符合转诊转院规定并经过备案', 'referred and registered', NULL, NULL, 'stated', '乌兰察布市中心医院：城乡居民医疗保险政策解读 十', NULL),
	('referral', '150900', '急诊', '急危重', 'emergency', NULL, NULL, 'stated', '乌兰察布市中心医院：城乡居民医疗保险政策解读 十', NULL),
	('referral', '150900', '未备案', '未经转诊备案', 'not registered', NULL, NULL, 'stated', '乌兰察布市中心医院：城乡居民医疗保险政策解读 十', NULL),
	('referral', '360100', '无需转诊', '省内就医，无需备案', 'in the province, nothing needed', NULL, NULL, 'stated', '江西省异地就医政策（据公开汇编转述）', NULL),
	('referral', '360100', '长期居住', '异地长期居住备案', 'registered as living away', NULL, NULL, 'stated', '江西省异地就医政策（据公开汇编转述）', NULL),
	('referral', '360100', '转诊', '转诊备案或急诊', 'referred or emergency', NULL, NULL, 'stated', '江西省异地就医政策（据公开汇编转述）', NULL),
	('referral', '360100', '未备案', '其他临时外出、未备案', 'not registered', NULL, NULL, 'stated', '江西省异地就医政策（据公开汇编转述）', NULL),
	('place', '150900', '市内', '市内', 'in the city', NULL, NULL, 'stated', '乌兰察布市中心医院：城乡居民医疗保险政策解读 十', NULL),
	('place', '150900', '区内市外', '自治区内、市外', 'in the region, outside the city', NULL, NULL, 'stated', '乌兰察布市中心医院：城乡居民医疗保险政策解读 十', NULL),
	('place', '150900', '区外', '自治区外', 'outside the region', NULL, NULL, 'stated', '乌兰察布市中心医院：城乡居民医疗保险政策解读 十', NULL),
	('place', '360100', '省内', '省内', 'in the province', NULL, NULL, 'stated', '江西省异地就医政策（据公开汇编转述）', NULL),
	('place', '360100', '省外', '省外', 'outside the province', NULL, NULL, 'stated', '江西省异地就医政策（据公开汇编转述）', NULL),
	('disease', '000000', '尿毒症', '尿毒症', 'uraemia', NULL, NULL, 'stated', '民办函〔2012〕169号 二（一）', '尿毒症等8类大病：the notice names this one'),
	('disease', '000000', '肺癌', '肺癌', 'lung cancer', NULL, NULL, 'stated', '民办函〔2012〕169号 二（一）', '肺癌等12类大病：the notice names this one');
