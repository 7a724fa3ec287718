// columns.mjs — the simple rule set as SQL with window functions on DuckDB, an analytical column engine: node columns.mjs FILE.csv
// RUNS. Prints the sums of basic, critical and assistance in fen, then the median of the runs in milliseconds. One thread, as
// PostgreSQL has one process. Needs the npm package @duckdb/node-api where node finds it (NODE_PATH, see columns.sh).
import { createRequire } from 'node:module';

const { DuckDBInstance } = createRequire(process.cwd() + '/')('@duckdb/node-api');
const [file, runs] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(':memory:')).connect();

// half up, fen x parts per thousand; the same steps as the view bench.pure_sql in simple.sql
const rules = `
WITH basic AS (
	SELECT person, ordered_at, seq, category, in_scope,
		   share(greatest(in_scope - CASE level WHEN '1' THEN 30000 WHEN '2' THEN 80000 ELSE 130000 END, 0),
				 CASE level WHEN '1' THEN 800 WHEN '2' THEN 780 ELSE 750 END) AS basic
	  FROM claim
), burden AS (
	SELECT *, in_scope - basic AS burden,
		   CAST(sum(in_scope - basic) OVER (PARTITION BY person ORDER BY ordered_at, seq ROWS UNBOUNDED PRECEDING) AS BIGINT) AS base
	  FROM basic
), critical AS (
	SELECT *, entitled(base) - entitled(base - burden) AS critical FROM burden
), due AS (
	SELECT *, CASE WHEN category <> '{}' THEN share(burden - critical, 700) ELSE 0 END AS due FROM critical
), assistance AS (
	SELECT *, CAST(sum(due) OVER (PARTITION BY person ORDER BY ordered_at, seq ROWS UNBOUNDED PRECEDING) AS BIGINT) AS so_far FROM due
)
SELECT CAST(sum(basic) AS BIGINT), CAST(sum(critical) AS BIGINT),
	   CAST(sum(least(so_far, 2000000) - least(so_far - due, 2000000)) AS BIGINT) FROM assistance`;

await connection.run('SET threads = 1');
await connection.run('CREATE MACRO share(fen, milli) AS (fen * milli + 500) // 1000');
await connection.run(`CREATE MACRO entitled(fen) AS share((least(greatest(fen, 3040400), 5000000) - 3040400) * 6
	+ (greatest(fen, 5000000) - 5000000) * 7, 100)`);
await connection.run(`CREATE TABLE claim AS SELECT person, ordered_at, seq, category, level, in_scope FROM read_csv('${file}', header = true,
	columns = {person: 'BIGINT', ordered_at: 'TIMESTAMP', seq: 'BIGINT', category: 'VARCHAR', level: 'VARCHAR', in_scope: 'BIGINT'})`);

const times = [];
let sums;
for (let run = 0; run <= Number(runs); run++) {
	const start = process.hrtime.bigint();
	sums = (await connection.runAndReadAll(rules)).getRows()[0];
	if (run > 0)
		times.push(Number(process.hrtime.bigint() - start) / 1e6);
}
times.sort((a, b) => a - b);
console.log(sums.join('|'));
console.log(times[times.length >> 1].toFixed(1));
