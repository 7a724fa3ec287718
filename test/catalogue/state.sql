-- state.sql — everything of the catalogue that a dump must keep, in one listing: rows, digests, sequences, and the pages as known at every
-- fifth act and now, and what terms_at answers on their first and last days.
\pset format unaligned
\pset tuples_only on
SET timezone = 'UTC';
SELECT 'version', id, md5(p::text), encode(digest, 'hex') FROM assistance.policy p ORDER BY id;
SELECT 'act', p::text FROM assistance.policy_publication p ORDER BY id;
SELECT 'local', p::text FROM assistance.region_local p ORDER BY code;
SELECT 'local', p::text FROM assistance.statistic_local p ORDER BY 1, 2;
SELECT 'sequences', (SELECT last_value FROM assistance.policy_id), (SELECT last_value FROM assistance.policy_draft);
SELECT 'pages', a.id, md5(string_agg(p::text, ' ' ORDER BY p.region, p.scheme, p.valid, p.admitted))
  FROM (SELECT id, at FROM assistance.policy_publication WHERE id % 5 = 0 UNION ALL SELECT 0, 'infinity') a
 CROSS JOIN LATERAL assistance.policy_documents(NULL, NULL, a.at) p GROUP BY a.id ORDER BY a.id;
SELECT 'terms', p.region, p.scheme, d.day, encode(assistance.terms_digest(assistance.terms_at(p.region, p.scheme, d.day)), 'hex')
  FROM assistance.policy_pages(NULL, NULL, 'infinity') p CROSS JOIN LATERAL (VALUES (lower(p.valid)), (upper(p.valid) - 1)) d(day)
 WHERE p.missing IS NULL AND d.day IS NOT NULL ORDER BY 2, 3, 4;
