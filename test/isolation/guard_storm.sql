-- guard_storm.sql — what guard_storm.sh runs: a few bills, random writes that first read what they believe, and the oracle.

CREATE TABLE bill (id bigint PRIMARY KEY, total numeric(16,2) NOT NULL);
CREATE TABLE pay (bill bigint, reverses bigint, layer text, amount numeric(16,2));
CREATE INDEX ON pay (bill);
CREATE INDEX ON pay (reverses);
CREATE TRIGGER insurer_first AFTER INSERT ON pay REFERENCING NEW TABLE AS n FOR EACH STATEMENT
EXECUTE FUNCTION assistance.insurer_first('claim=bill', 'layer=layer', 'amount=amount', 'reverses=reverses', 'bill=bill(id, total)',
	'order=basic critical assistance');
INSERT INTO bill SELECT n, 100 FROM generate_series(1, 12) n;

-- what the acknowledged statements were: nothing of it may be missing, nothing refused may be there
CREATE TABLE done (level text, code text, added numeric);

CREATE FUNCTION what_stands(of bigint) RETURNS TABLE (layer text, amount numeric) LANGUAGE sql AS $$
	SELECT layer, abs(amount) FROM pay WHERE COALESCE(reverses, bill) = of
	 GROUP BY 1, 2 HAVING sum(CASE WHEN reverses IS NULL THEN 1 ELSE -1 END) > 0
$$;

CREATE FUNCTION act() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	on_bill bigint := 1 + floor(random() * 12);
	of text := (ARRAY['basic', 'critical', 'assistance'])[1 + floor(random() * 3)::int];
	size numeric := (ARRAY[10, 20, 40, 60])[1 + floor(random() * 4)::int];
	back boolean := random() < 0.45;
	refused text;
	written numeric := 0;
BEGIN
	PERFORM count(*) FROM pay WHERE bill = on_bill;
	BEGIN
		IF back THEN
			WITH w AS (INSERT INTO pay SELECT 900, on_bill, layer, -amount FROM what_stands(on_bill) WHERE random() < 0.8 RETURNING amount)
			SELECT COALESCE(sum(amount), 0) INTO written FROM w;
		ELSE
			INSERT INTO pay VALUES (on_bill, NULL, of, size), (1 + on_bill % 12, NULL, of, 20);
			written := size + 20;
		END IF;
	EXCEPTION WHEN SQLSTATE 'MA602' OR SQLSTATE 'MA603' OR SQLSTATE 'MA604' OR SQLSTATE 'MA605' OR SQLSTATE 'MA609' THEN
		refused := SQLSTATE;
		written := 0;
	END;
	INSERT INTO done VALUES (current_setting('transaction_isolation'), refused, written);
END
$$;

CREATE VIEW wrong AS
	WITH net AS (
		SELECT COALESCE(reverses, bill) AS bill, layer, sum(amount) AS amount, sum(CASE WHEN reverses IS NULL THEN 1 ELSE -1 END) AS payments
		  FROM pay GROUP BY 1, 2)
	SELECT 'twice' AS what FROM net WHERE payments > 1
	UNION ALL SELECT 'nothing reversed' FROM net WHERE payments < 0
	UNION ALL SELECT 'beyond' FROM net JOIN bill b ON b.id = net.bill GROUP BY bill, total HAVING sum(amount) > total
	UNION ALL SELECT 'early' FROM net l
	  JOIN (VALUES ('critical', 'basic'), ('assistance', 'basic'), ('assistance', 'critical')) o (later, earlier) ON o.later = l.layer
	 WHERE l.payments = 1 AND NOT EXISTS (SELECT FROM net e WHERE e.bill = l.bill AND e.layer = o.earlier AND e.payments = 1)
	UNION ALL SELECT 'lost or too much' FROM (SELECT sum(amount) FROM pay) p (amount), (SELECT sum(added) FROM done) d (added) WHERE amount <> added;
