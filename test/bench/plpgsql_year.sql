-- plpgsql_year.sql — a year of bench.beijing folded in PL/pgSQL by the rules of plpgsql_rules.sql.
SET client_min_messages = warning;

-- Splits that a fold kept
CREATE UNLOGGED TABLE plain.year_split (
	person bigint,
	ordered_at timestamp,
	seq bigint,
	basic numeric,
	critical numeric,
	commercial numeric,
	assistance numeric,
	tilt numeric,
	application numeric,
	patient numeric
);

-- All persons, bill by bill, by rule tables; returns the sums. keep: also write every split to plain.year_split
CREATE FUNCTION plain.settle_year(keep boolean, OUT basic numeric, OUT critical numeric, OUT commercial numeric, OUT assistance numeric,
	OUT tilt numeric, OUT application numeric, OUT patient numeric)
	LANGUAGE plpgsql
	AS $$
DECLARE
	b record;
	bill plain.bill;
	person bigint;
	account plain.account;
	settled plain.settled;
BEGIN
	basic := 0;
	critical := 0;
	commercial := 0;
	assistance := 0;
	tilt := 0;
	application := 0;
	patient := 0;
	FOR b IN
		SELECT c.person, c.ordered_at, c.seq, ROW(c.kind, c.ordered_at::date, c.region, c.scheme, c.care_type, c.level, c.referral, c.person_type,
			   c.category, c.in_scope, c.excluded, c.over_limit, c.first_share, c.commercial, c.tilt)::plain.bill AS bill
		  FROM bench.beijing c ORDER BY c.person, c.ordered_at, c.seq
	LOOP
		IF b.person IS DISTINCT FROM person THEN
			person := b.person;
			account := NULL;
		END IF;
		bill := b.bill;
		settled := plain.settle_bill(bill, account);
		account := ROW(settled.year, settled.used, settled.before);
		basic := basic + settled.basic;
		critical := critical + settled.critical;
		commercial := commercial + settled.commercial;
		assistance := assistance + settled.assistance;
		tilt := tilt + settled.tilt;
		application := application + settled.application;
		patient := patient + settled.patient;
		IF keep THEN
			INSERT INTO plain.year_split VALUES (b.person, b.ordered_at, b.seq, settled.basic, settled.critical, settled.commercial,
				settled.assistance, settled.tilt, settled.application, settled.patient);
		END IF;
	END LOOP;
END
$$;

-- The same, as fast as PL/pgSQL and one process seem to go. The rules of every combination of codes that occurs are looked up once for
-- each version and joined to the bills, bands as arrays; amounts are whole fen in bigint, ratios millionths; there are no calls, one
-- statement for the whole year, and only expressions in the loop. Counters are those of the rule tables still.
CREATE FUNCTION plain.settle_year_joined(keep boolean, OUT basic numeric, OUT critical numeric, OUT commercial numeric,
	OUT assistance numeric, OUT tilt numeric, OUT application numeric, OUT patient numeric)
	LANGUAGE plpgsql SET enable_mergejoin = off SET enable_nestloop = off
	AS $$
DECLARE
	bill record;
	person bigint;
	year integer;
	n_counters integer := (SELECT max(counter) FROM plain.counter);
	used bigint[];
	before bigint[];
	deductible bigint;
	copay bigint;
	first_share bigint;
	part bigint;
	base bigint;
	paid bigint;
	critically bigint;
	aid bigint;
	entitled bigint;
	basic_sum bigint := 0;
	critical_sum bigint := 0;
	commercial_sum bigint := 0;
	assistance_sum bigint := 0;
	tilt_sum bigint := 0;
	application_sum bigint := 0;
	patient_sum bigint := 0;
BEGIN
	FOR bill IN
		WITH band AS (
			SELECT band_set, array_agg((above * 100)::bigint ORDER BY above) AS above,
				   array_agg(COALESCE((up_to * 100)::bigint, 1000000000000000) ORDER BY above) AS up_to,
				   array_agg((ratio * 1000000)::bigint ORDER BY above) AS ratio
			  FROM plain.band GROUP BY band_set
		), rule AS (
			SELECT r.*, (r.deductible * 100)::bigint AS d_fen, (r.deductible * r.later_stays * 100)::bigint AS later_fen,
				   (r.ratio * 1000000)::bigint AS ratio_ppm, (r.cap * 100)::bigint AS cap_fen, b.above, b.up_to, b.ratio AS band_ppm
			  FROM plain.rule_by_code r LEFT JOIN band b USING (band_set)
		), code AS (
			SELECT *, row_number() OVER () AS code_id
			  FROM (SELECT DISTINCT c.region, c.scheme, c.care_type, c.level, c.person_type, c.referral, c.category FROM bench.beijing c) c
		), fitting AS (
			SELECT DISTINCT ON (c.code_id, r.valid, r.layer) c.code_id, r.*
			  FROM code c JOIN rule r USING (care_type, level, person_type, referral, region, scheme)
			 WHERE r.categories IS NULL OR r.categories && c.category
			 ORDER BY c.code_id, r.valid, r.layer, r.place
		), rules AS MATERIALIZED (
			SELECT c.*, v.valid, b.d_fen, b.later_fen, b.deductible_counter, b.stay_counter, b.counts_stay, b.ratio_ppm, b.cap_fen, b.cap_counter,
				   k.above, k.up_to, k.band_ppm, k.d_fen AS critical_fen, k.base_counter, k.left_counter,
				   a.ratio_ppm AS aid_ppm, a.cap_fen AS aid_cap_fen, a.cap_counter AS aid_counter,
				   p.above AS p_above, p.up_to AS p_up_to, p.band_ppm AS p_ppm, p.base_counter AS p_base_counter, p.cap_fen AS p_cap_fen,
				   p.cap_counter AS p_cap_counter, p.times AS p_times, p.times_counter AS p_times_counter
			  FROM code c CROSS JOIN (SELECT DISTINCT valid FROM rule) v
			  LEFT JOIN fitting b ON b.layer = '基本医保' AND (b.code_id, b.valid) = (c.code_id, v.valid)
			  LEFT JOIN fitting k ON k.layer = '大病保险' AND (k.code_id, k.valid) = (c.code_id, v.valid)
			  LEFT JOIN fitting a ON a.layer = '医疗救助' AND (a.code_id, a.valid) = (c.code_id, v.valid)
			  LEFT JOIN fitting p ON p.layer = '因病致贫救助' AND (p.code_id, p.valid) = (c.code_id, v.valid)
		)
		SELECT c.person, c.ordered_at, c.seq, c.kind, date_part('year', c.ordered_at)::integer AS year, (c.in_scope * 100)::bigint AS in_scope,
			   ((c.excluded + c.over_limit) * 100)::bigint AS outside, (c.first_share * 100)::bigint AS first_share,
			   COALESCE((c.commercial * 100)::bigint, 0) AS commercial, COALESCE((c.tilt * 100)::bigint, 0) AS tilt, r.*
		  FROM bench.beijing c
		  LEFT JOIN rules r ON (r.care_type, r.level, r.person_type, r.referral, r.region, r.scheme, r.category)
			   = (c.care_type, c.level, c.person_type, c.referral, c.region, c.scheme, c.category) AND r.valid @> c.ordered_at::date
		 ORDER BY c.person, c.ordered_at, c.seq
	LOOP
		IF bill.person IS DISTINCT FROM person THEN
			person := bill.person;
			year := bill.year;
			used := array_fill(0::bigint, ARRAY[n_counters]);
			before := used;
		ELSIF bill.year <> year THEN
			before := CASE WHEN bill.year = year + 1 THEN used ELSE array_fill(0::bigint, ARRAY[n_counters]) END;
			used := array_fill(0::bigint, ARRAY[n_counters]);
			year := bill.year;
		END IF;
		deductible := 0;
		paid := 0;
		critically := 0;
		aid := 0;
		entitled := 0;
		IF bill.kind = 'application' THEN
			IF bill.p_times IS NOT NULL AND used[bill.p_times_counter] < bill.p_times THEN
				base := before[bill.p_base_counter];
				FOR i IN 1 .. array_length(bill.p_ppm, 1) LOOP
					EXIT WHEN base <= bill.p_above[i];
					entitled := entitled + (least(base, bill.p_up_to[i]) - bill.p_above[i]) * bill.p_ppm[i];
				END LOOP;
				entitled := least((entitled + 500000) / 1000000, bill.p_cap_fen - used[bill.p_cap_counter]);
				IF entitled > 0 THEN
					used[bill.p_cap_counter] := used[bill.p_cap_counter] + entitled;
					used[bill.p_times_counter] := used[bill.p_times_counter] + 1;
					application_sum := application_sum + entitled;
				END IF;
			END IF;
			copay := 0;
			first_share := 0;
		ELSE
			IF bill.d_fen IS NOT NULL THEN
				IF bill.deductible_counter IS NOT NULL THEN
					deductible := least(greatest(bill.d_fen - used[bill.deductible_counter], 0), bill.in_scope);
					used[bill.deductible_counter] := used[bill.deductible_counter] + deductible;
				ELSE
					IF bill.counts_stay THEN
						used[bill.stay_counter] := used[bill.stay_counter] + 1;
					END IF;
					deductible := least(CASE WHEN used[bill.stay_counter] > 1 THEN bill.later_fen ELSE bill.d_fen END, bill.in_scope);
				END IF;
				paid := least(((bill.in_scope - deductible) * bill.ratio_ppm + 500000) / 1000000, bill.cap_fen - used[bill.cap_counter]);
				used[bill.cap_counter] := used[bill.cap_counter] + paid;
			END IF;
			copay := bill.in_scope - deductible - paid;
			first_share := bill.first_share;
			IF bill.band_ppm IS NOT NULL THEN
				part := used[bill.base_counter];
				base := part + deductible + copay;
				used[bill.base_counter] := base;
				IF base > bill.critical_fen THEN
					FOR i IN 1 .. array_length(bill.band_ppm, 1) LOOP
						EXIT WHEN base <= bill.above[i];
						critically := critically + greatest(least(base, bill.up_to[i]) - greatest(bill.above[i], bill.critical_fen), 0)
							* bill.band_ppm[i];
						entitled := entitled + greatest(least(part, bill.up_to[i]) - greatest(bill.above[i], bill.critical_fen), 0)
							* bill.band_ppm[i];
					END LOOP;
					critically := (critically + 500000) / 1000000 - (entitled + 500000) / 1000000;
					entitled := 0;
					part := least(critically, copay);
					copay := copay - part;
					deductible := deductible - (critically - part);
				END IF;
			END IF;
			IF bill.commercial > 0 THEN
				part := least(bill.commercial, copay);
				copay := copay - part;
				part := bill.commercial - part;
				base := least(part, first_share);
				first_share := first_share - base;
				deductible := deductible - greatest(part - base - bill.outside, 0);
			END IF;
			IF bill.aid_ppm IS NOT NULL THEN
				aid := ((deductible + copay) * bill.aid_ppm + 500000) / 1000000;
				IF bill.aid_counter IS NOT NULL THEN
					aid := least(aid, bill.aid_cap_fen - used[bill.aid_counter]);
					used[bill.aid_counter] := used[bill.aid_counter] + aid;
				END IF;
			END IF;
			IF bill.left_counter IS NOT NULL THEN
				used[bill.left_counter] := used[bill.left_counter] + deductible + copay + first_share - aid - bill.tilt;
			END IF;
			basic_sum := basic_sum + paid;
			critical_sum := critical_sum + critically;
			commercial_sum := commercial_sum + bill.commercial;
			assistance_sum := assistance_sum + aid;
			tilt_sum := tilt_sum + bill.tilt;
		END IF;
		base := bill.in_scope + bill.outside + bill.first_share - paid - critically - bill.commercial - aid - bill.tilt;
		patient_sum := patient_sum + base;
		IF keep THEN
			INSERT INTO plain.year_split VALUES (bill.person, bill.ordered_at, bill.seq, paid / 100.0, critically / 100.0, bill.commercial / 100.0,
				aid / 100.0, bill.tilt / 100.0, entitled / 100.0, base / 100.0);
		END IF;
	END LOOP;
	basic := round(basic_sum / 100.0, 2);
	critical := round(critical_sum / 100.0, 2);
	commercial := round(commercial_sum / 100.0, 2);
	assistance := round(assistance_sum / 100.0, 2);
	tilt := round(tilt_sum / 100.0, 2);
	application := round(application_sum / 100.0, 2);
	patient := round(patient_sum / 100.0, 2);
END
$$;
