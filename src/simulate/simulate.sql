-- simulate: any number of bills under any number of scenarios in one pass, as an aggregate; and its result as rows.

CREATE TYPE assistance.simulation;

CREATE FUNCTION assistance.simulation_in(simulation cstring) RETURNS assistance.simulation
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS 'MODULE_PATHNAME', 'assistance_simulation_in';
CREATE FUNCTION assistance.simulation_out(simulation assistance.simulation) RETURNS cstring
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_simulation_out';
CREATE FUNCTION assistance.simulation_recv(message internal) RETURNS assistance.simulation
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS 'MODULE_PATHNAME', 'assistance_simulation_recv';
CREATE FUNCTION assistance.simulation_send(simulation assistance.simulation) RETURNS bytea
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'assistance_simulation_send';
COMMENT ON FUNCTION assistance.simulation_in(cstring) IS 'Text input of a simulation: the hexadecimal that simulation_out writes, for dumps. Error MA302.';
COMMENT ON FUNCTION assistance.simulation_out(assistance.simulation) IS 'Text output of a simulation: hexadecimal. People read it through the functions simulated_….';
COMMENT ON FUNCTION assistance.simulation_recv(internal) IS 'Binary input of a simulation: its stored bytes, all of them checked. Error MA302.';
COMMENT ON FUNCTION assistance.simulation_send(assistance.simulation) IS 'Binary output of a simulation: its stored bytes, whose first number is the format (1).';

CREATE TYPE assistance.simulation (
	INPUT = assistance.simulation_in, OUTPUT = assistance.simulation_out,
	RECEIVE = assistance.simulation_recv, SEND = assistance.simulation_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = int4, STORAGE = extended
);
COMMENT ON TYPE assistance.simulation IS 'What assistance.simulate found. Rows: simulated_totals, simulated_bills, simulated_costs, simulated_burden, simulated_hardship, simulated_changes, simulated_limits, simulated_margins.';

CREATE FUNCTION assistance.simulate_number_terms(state internal, person bigint, bill assistance.bill, terms assistance.terms) RETURNS internal
	LANGUAGE c IMMUTABLE PARALLEL SAFE COST 3 AS 'MODULE_PATHNAME', 'assistance_simulate_number_terms';
CREATE FUNCTION assistance.simulate_number_study(state internal, person bigint, bill assistance.bill, study assistance.study) RETURNS internal
	LANGUAGE c IMMUTABLE PARALLEL SAFE COST 3 AS 'MODULE_PATHNAME', 'assistance_simulate_number_study';
CREATE FUNCTION assistance.simulate_text_terms(state internal, person text, bill assistance.bill, terms assistance.terms) RETURNS internal
	LANGUAGE c IMMUTABLE PARALLEL SAFE COST 3 AS 'MODULE_PATHNAME', 'assistance_simulate_text_terms';
CREATE FUNCTION assistance.simulate_text_study(state internal, person text, bill assistance.bill, study assistance.study) RETURNS internal
	LANGUAGE c IMMUTABLE PARALLEL SAFE COST 3 AS 'MODULE_PATHNAME', 'assistance_simulate_text_study';
CREATE FUNCTION assistance.simulate_final(state internal) RETURNS assistance.simulation
	LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100000 AS 'MODULE_PATHNAME', 'assistance_simulate_final';
COMMENT ON FUNCTION assistance.simulate_number_terms(internal, bigint, assistance.bill, assistance.terms) IS 'Transition of the aggregate simulate(bigint, bill, terms): keeps one bill.';
COMMENT ON FUNCTION assistance.simulate_number_study(internal, bigint, assistance.bill, assistance.study) IS 'Transition of the aggregate simulate(bigint, bill, study): keeps one bill.';
COMMENT ON FUNCTION assistance.simulate_text_terms(internal, text, assistance.bill, assistance.terms) IS 'Transition of the aggregate simulate(text, bill, terms): keeps one bill.';
COMMENT ON FUNCTION assistance.simulate_text_study(internal, text, assistance.bill, assistance.study) IS 'Transition of the aggregate simulate(text, bill, study): keeps one bill.';
COMMENT ON FUNCTION assistance.simulate_final(internal) IS 'Result of the aggregate simulate: sorts, settles and counts all bills.';

CREATE AGGREGATE assistance.simulate(person bigint, bill assistance.bill, study assistance.study) (
	SFUNC = assistance.simulate_number_study, STYPE = internal, SSPACE = 65536,
	FINALFUNC = assistance.simulate_final, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = SAFE
);
CREATE AGGREGATE assistance.simulate(person bigint, bill assistance.bill, terms assistance.terms) (
	SFUNC = assistance.simulate_number_terms, STYPE = internal, SSPACE = 65536,
	FINALFUNC = assistance.simulate_final, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = SAFE
);
CREATE AGGREGATE assistance.simulate(person text, bill assistance.bill, study assistance.study) (
	SFUNC = assistance.simulate_text_study, STYPE = internal, SSPACE = 65536,
	FINALFUNC = assistance.simulate_final, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = SAFE
);
CREATE AGGREGATE assistance.simulate(person text, bill assistance.bill, terms assistance.terms) (
	SFUNC = assistance.simulate_text_terms, STYPE = internal, SSPACE = 65536,
	FINALFUNC = assistance.simulate_final, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = SAFE
);
COMMENT ON AGGREGATE assistance.simulate(bigint, assistance.bill, assistance.study) IS
'Replays all bills of all persons under every scenario of a study, simulate(person, bill, (SELECT study …)); writes nothing. Rows come in any order; equal order keys of one person are refused (MA111), nulls too (MA301). The study must be the same on every row (MA351): write it as a scalar subquery. Bills beyond its budget go to a temporary file. No bills: null. Other errors: MA104 to MA110, MA201 to MA205, with the person and the scenario.';
COMMENT ON AGGREGATE assistance.simulate(bigint, assistance.bill, assistance.terms) IS 'The same under one book of terms; the scenario is called baseline, the budget is work_mem.';
COMMENT ON AGGREGATE assistance.simulate(text, assistance.bill, assistance.study) IS 'The same for persons by a text of at most 255 bytes (MA351), told apart byte by byte.';
COMMENT ON AGGREGATE assistance.simulate(text, assistance.bill, assistance.terms) IS 'The same for persons by a text, under one book of terms.';

CREATE FUNCTION assistance.simulated_totals(
	simulation assistance.simulation,
	OUT scenario text, OUT digest bytea, OUT persons bigint, OUT bills bigint,
	OUT total numeric, OUT basic numeric, OUT critical numeric, OUT supplementary numeric, OUT assistance numeric, OUT tilt numeric,
	OUT emergency numeric, OUT government numeric, OUT other numeric, OUT charity numeric, OUT hospital numeric, OUT patient numeric,
	OUT adjustment numeric, OUT recoverable numeric, OUT burden numeric, OUT burden_difference numeric, OUT parameter text, OUT step numeric
) RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 3 AS 'MODULE_PATHNAME', 'assistance_simulated_totals';
COMMENT ON FUNCTION assistance.simulated_totals(assistance.simulation) IS
'One row by scenario: the sums of the columns of assistance.split over all bills, yuan. digest: of its terms. burden = patient − adjustment + recoverable: what patients bear in the end; burden_difference: that less the baseline''s. parameter, step: what a scenario of shift_scenarios shifts, and by how much; else null.';

CREATE FUNCTION assistance.simulated_bills(
	simulation assistance.simulation,
	OUT region text, OUT scheme text, OUT level text, OUT care_type text, OUT category text, OUT month date,
	OUT bills bigint, OUT total numeric, OUT in_scope numeric, OUT excluded numeric, OUT over_limit numeric, OUT first_share numeric
) RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 100 AS 'MODULE_PATHNAME', 'assistance_simulated_bills';
COMMENT ON FUNCTION assistance.simulated_bills(assistance.simulation) IS
'The bills that went in, by dimensions and month of ordered_at, with the sums of their columns in yuan. category: the codes of the bill in byte order, joined by + (a + or \ of a code itself is written \+ or \\); empty: known to be none; null: not known.';

CREATE FUNCTION assistance.simulated_costs(
	simulation assistance.simulation,
	OUT scenario text, OUT layer text, OUT kind text,
	OUT region text, OUT scheme text, OUT level text, OUT care_type text, OUT category text, OUT month date,
	OUT bills bigint, OUT paid numeric, OUT adjustment numeric, OUT recoverable numeric, OUT amount numeric, OUT difference numeric
) RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 500 AS 'MODULE_PATHNAME', 'assistance_simulated_costs';
COMMENT ON FUNCTION assistance.simulated_costs(assistance.simulation) IS
'Who pays what, by scenario, layer, dimensions and month of ordered_at; kinds hospital and patient have no layer. bills: on which the layer pays more than 0; amount = paid + adjustment − recoverable, yuan (for the patient the last two are the layers'' with the other sign), so that amounts add up to the total; difference: amount less the baseline''s. A payer of nothing, without adjustment and recoverable, has no row, unless it has one in the baseline; the three of a row may come to an amount of 0.';

CREATE FUNCTION assistance.simulated_burden(
	simulation assistance.simulation,
	OUT scenario text, OUT everyone boolean, OUT category text, OUT persons bigint, OUT quantile numeric, OUT amount numeric, OUT difference numeric
) RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 900 AS 'MODULE_PATHNAME', 'assistance_simulated_burden';
COMMENT ON FUNCTION assistance.simulated_burden(assistance.simulation) IS
'Distribution of what persons bear in all their bills together (patient − adjustment + recoverable), yuan: by scenario and category of the person''s last bill, and for everyone; quantiles 0.000, 0.010 … 0.990, 0.995, 0.999, 1.000. A quantile q is the amount of the person of rank ceil(q × persons), the least person for 0. difference: less the baseline''s quantile.';

CREATE FUNCTION assistance.simulated_hardship(
	simulation assistance.simulation,
	OUT scenario text, OUT everyone boolean, OUT category text, OUT persons bigint, OUT percent integer, OUT persons_above bigint
) RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 900 AS 'MODULE_PATHNAME', 'assistance_simulated_hardship';
COMMENT ON FUNCTION assistance.simulated_hardship(assistance.simulation) IS
'Catastrophic expense: of the persons whose income is known, how many bear more than percent (0 … 100) of it. The income is that of the last bill that tells the study''s income_fact. Persons of no known income are not counted.';

CREATE FUNCTION assistance.simulated_changes(
	simulation assistance.simulation,
	OUT scenario text, OUT everyone boolean, OUT category text, OUT outcome text, OUT low numeric, OUT high numeric, OUT persons bigint, OUT amount numeric
) RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 200 AS 'MODULE_PATHNAME', 'assistance_simulated_changes';
COMMENT ON FUNCTION assistance.simulated_changes(assistance.simulation) IS
'Who wins and who loses against the baseline, for every further scenario: persons and the sum of their changes by bands, yuan. outcome: wins (bears less; amount below 0), same, loses. low and high: the band''s edges, the one nearer to 0 not included; null: open.';

CREATE FUNCTION assistance.simulated_limits(
	simulation assistance.simulation,
	OUT scenario text, OUT region text, OUT scheme text, OUT page_from date, OUT layer text, OUT kind text, OUT rule text,
	OUT limit_kind text, OUT number integer, OUT name text, OUT persons bigint, OUT persons_reached bigint, OUT bills bigint, OUT bills_reached bigint, OUT amount numeric
) RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 50 AS 'MODULE_PATHNAME', 'assistance_simulated_limits';
COMMENT ON FUNCTION assistance.simulated_limits(assistance.simulation) IS
'Deductibles, caps and ceilings by scenario, page and rule, each by itself: to how many persons and bills the rule was applied, and how many reached the limit. limit_kind: deductible (reached by a bill whose base goes beyond what it takes), cap and ceiling (at least as much is due as they leave), base_cap (at least as much enters as it leaves), times (no payment is left). number: of a cap among those of its rule, of a ceiling among those of its page, from 1. name: of the counter or ceiling, where there is one. amount, yuan: taken by the deductible; due or entering beyond the others. A payment above several caps counts at each of them. rule null, after the rules of a page: a limit that several of its rules share (a counter, a ceiling); persons and bills count once, whichever of these rules it was; layer and kind null: rules of several layers.';

CREATE FUNCTION assistance.simulated_margins(
	simulation assistance.simulation,
	OUT parameter text, OUT step numeric, OUT layer text, OUT kind text, OUT baseline numeric, OUT amount numeric, OUT difference numeric
) RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 20 AS 'MODULE_PATHNAME', 'assistance_simulated_margins';
COMMENT ON FUNCTION assistance.simulated_margins(assistance.simulation) IS
'Marginal costs: for every scenario of assistance.shift_scenarios, what each payer bears (paid + adjustment − recoverable, yuan) in the baseline, the first scenario, and with the parameter one step (signed) further. Two rows by parameter and payer, one for each side; one where the language allows one side only.';
