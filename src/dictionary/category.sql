-- category: the policy classes of assistance (救助对象), how the documents rank them, and local codes mapped onto them.
--
-- class_group is what the documents call 重点救助对象 (key), 低收入救助对象 (low_income) and 其他救助对象 (other):
--   冀政办发〔2015〕26号 二（二）: 将最低生活保障家庭成员和特困供养人员列为重点救助对象; 低收入家庭的老年人、未成年人、重度残疾人和重病患者等…（以下统称低收入救助对象）
--   冀政办发〔2015〕26号 三（一）: 对因病致贫家庭重病患者等其他救助对象
--   国办发〔2021〕42号: no deductible and at least 70 % for 特困 and 低保, own terms for 低保边缘 and 因病致贫
-- A class that none of them ranks has none. Names of classes as in the assistance opinions (collected interface material, 2.4).

INSERT INTO assistance.category_dictionary (code, class, class_group, zh, en, mark, source, note) VALUES
	('特困', '特困', 'key', '特困人员', 'extreme poverty support', 'stated', '冀政办发〔2015〕26号 二（二）；国办发〔2021〕42号', NULL),
	('低保', '低保', 'key', '最低生活保障对象', 'minimum living allowance', 'stated', '冀政办发〔2015〕26号 二（二）；国办发〔2021〕42号', NULL),
	('低收入', '低收入', 'low_income', '低收入救助对象', 'low income', 'stated', '冀政办发〔2015〕26号 二（二）', '低收入家庭的老年人、未成年人、重度残疾人和重病患者'),
	('低收入重度残疾', '低收入重度残疾', 'low_income', '低收入重度残疾人', 'severely disabled with low income', 'stated', '冀政办发〔2015〕26号 二（二）；民发〔2017〕12号 一（二）', NULL),
	('低保边缘', '低保边缘', 'low_income', '低保边缘家庭成员', 'low-income margin', 'inferred', '国办发〔2021〕42号；冀政办发〔2015〕26号 二（二）', 'the later name of low-income families: ours from the two texts'),
	('因病致贫', '因病致贫', 'other', '因病致贫家庭重病患者', 'impoverished by illness', 'stated', '冀政办发〔2015〕26号 三（一）', NULL),
	('建档立卡', '建档立卡', NULL, '建档立卡贫困人口', 'registered poor', 'stated', '民发〔2017〕12号 一（二）、二（三）', 'named among the 困难群众, not ranked against them'),
	('返贫致贫', '返贫致贫', NULL, '返贫致贫人口', 'fell back into poverty', 'stated', '国办发〔2021〕42号', 'not ranked by a text at hand'),
	('防返贫监测', '防返贫监测', NULL, '防止返贫监测对象', 'at risk of falling back into poverty', 'inferred', 'collected interface material, 2.4', '脱贫不稳定、边缘易致贫、突发严重困难'),
	('稳定脱贫', '稳定脱贫', NULL, '稳定脱贫人口', 'out of poverty, stable', 'inferred', 'collected interface material, 2.4', NULL),
	('孤儿', '孤儿', NULL, '孤儿', 'orphan', 'inferred', 'collected interface material, 2.4', NULL),
	('事实无人抚养儿童', '事实无人抚养儿童', NULL, '事实无人抚养儿童', 'child whom nobody raises in fact', 'inferred', 'collected interface material, 2.4', NULL),
	('重度残疾', '重度残疾', NULL, '重度残疾人', 'severely disabled', 'inferred', 'collected interface material, 2.4', NULL),
	('重病重残儿童', '重病重残儿童', NULL, '重病、重残儿童', 'seriously ill or disabled child', 'stated', '冀政办发〔2015〕26号 二（二）', 'within all classes: 在各类医疗救助对象中，重点加大对重病、重残儿童的救助力度'),
	('重点优抚', '重点优抚', NULL, '重点优抚对象', 'entitled group (veterans, dependants)', 'inferred', 'collected interface material, 2.4', NULL),
	('其他特殊困难', '其他特殊困难', NULL, '县级以上政府规定的其他特殊困难人员', 'other hardship recognised by county or above', 'stated', '冀政办发〔2015〕26号 二（二）', NULL);

-- Codes of regions. Chongqing's list and the codes of Hebei: collected interface material, 2.4. Names of categories that a document of the
-- region uses: the document; that such a name is of a class is ours where it says inferred.
INSERT INTO assistance.category_dictionary (region, code, class, zh, en, mark, source, note) VALUES
	('500000', '7131', '特困', '特困人员', 'extreme poverty support', 'local', 'collected interface material, 2.4', NULL),
	('500000', '7019', '低保', '低保（重病重残）', 'minimum living allowance, seriously ill or disabled', 'local', 'collected interface material, 2.4', NULL),
	('500000', '7041', '孤儿', '孤儿', 'orphan', 'local', 'collected interface material, 2.4', NULL),
	('500000', '7141', '事实无人抚养儿童', '事实无人抚养儿童', 'child whom nobody raises in fact', 'local', 'collected interface material, 2.4', NULL),
	('500000', '7090', '重点优抚', '在乡老复员军人', 'old demobilised soldier in the country', 'local', 'collected interface material, 2.4', 'the class is ours'),
	('500000', '7052', '重点优抚', '在乡重点优抚对象', 'entitled group in the country', 'local', 'collected interface material, 2.4', NULL),
	('500000', '7069', '重度残疾', '重度残疾1–2级', 'severely disabled, degrees 1 and 2', 'local', 'collected interface material, 2.4', NULL),
	('500000', '7201', '低保边缘', '低保边缘户', 'low-income margin', 'local', 'collected interface material, 2.4', NULL),
	('500000', '7202', '返贫致贫', '返贫致贫人口', 'fell back into poverty', 'local', 'collected interface material, 2.4', NULL),
	('500000', '7203', '防返贫监测', '脱贫不稳定户', 'out of poverty, not stable', 'local', 'collected interface material, 2.4', NULL),
	('500000', '7204', '防返贫监测', '边缘易致贫户', 'at the margin, easily impoverished', 'local', 'collected interface material, 2.4', NULL),
	('500000', '7205', '防返贫监测', '突发严重困难户', 'in sudden serious hardship', 'local', 'collected interface material, 2.4', NULL),
	('500000', '7110', '因病致贫', '因病致贫重病患者', 'impoverished by illness', 'local', 'collected interface material, 2.4', NULL),
	('130000', '236021', '稳定脱贫', '脱贫人口（236021）', 'out of poverty (236021)', 'local', 'collected interface material, 2.4', 'the material says only: categories of 脱贫人口'),
	('130000', '236022', '稳定脱贫', '脱贫人口（236022）', 'out of poverty (236022)', 'local', 'collected interface material, 2.4', 'the material says only: categories of 脱贫人口'),
	('130000', '236024', '稳定脱贫', '脱贫人口（236024）', 'out of poverty (236024)', 'local', 'collected interface material, 2.4', 'the material says only: categories of 脱贫人口'),
	('130000', '236026', '稳定脱贫', '脱贫人口（236026）', 'out of poverty (236026)', 'local', 'collected interface material, 2.4', 'the material says only: categories of 脱贫人口'),
	('130000', '236027', '稳定脱贫', '脱贫人口（236027）', 'out of poverty (236027)', 'local', 'collected interface material, 2.4', 'the material says only: categories of 脱贫人口'),
	('110000', '返城知青', '其他特殊困难', '因公（病）致残返城知青', 'disabled returned youth', 'inferred', '京医保发〔2022〕37号 六（一）1', 'treated there like 特困'),
	('110000', '精减退职', '其他特殊困难', '享受原工资40%救济的60年代初精减退职老职工', 'workers laid off in the early 1960s', 'inferred', '京医保发〔2022〕37号 六（一）2', NULL),
	('110000', '生活困难补助', '其他特殊困难', '生活困难补助人员', 'hardship allowance', 'inferred', '京医保发〔2022〕37号 六（一）3', 'treated there like 低保 and 低收入'),
	('150900', '五保', '特困', '五保户', 'five guarantees', 'inferred', '乌兰察布市中心医院：城乡居民医疗保险政策解读 八', '五保供养 became part of 特困供养'),
	('150900', '三无', '特困', '三无人员', 'three withouts', 'inferred', '乌兰察布市中心医院：城乡居民医疗保险政策解读 八', '三无人员 became part of 特困供养'),
	('150900', '孤残儿童', '孤儿', '孤残儿童', 'orphaned or disabled child', 'inferred', '乌兰察布市中心医院：城乡居民医疗保险政策解读 八', NULL),
	('500112', '低保重病重残', '低保', '低保中重病重残', 'minimum living allowance, seriously ill or disabled', 'inferred', '渝北区医疗保障局政策问答，2023-10-30', NULL),
	('500112', '易返贫致贫', '防返贫监测', '易返贫致贫人口', 'at risk of falling back', 'inferred', '渝北区医疗保障局政策问答，2023-10-30', NULL);
