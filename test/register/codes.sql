-- codes.sql — the region and the categories of policy.json in the dictionaries: check_policy refuses what they do not have.
INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) VALUES ('R1', 'R1', 'R1', 'pool', 'example', 'test');
INSERT INTO assistance.category_local (code, region, class, zh, en, mark, source)
SELECT code, 'R1', '建档立卡', code, code, 'example', 'test' FROM unnest('{low,poor,margin}'::text[]) code;
