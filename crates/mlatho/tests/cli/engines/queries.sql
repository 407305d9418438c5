-- a: one item by org unit and month
SELECT org_unit, CAST(period_start AS VARCHAR) AS month, sum(value) AS total FROM observations
WHERE item = 'P1' AND measure = 'consumed' AND status = 'accepted' GROUP BY org_unit, period_start ORDER BY org_unit, month;
-- b: one measure against another
SELECT org_unit, sum(CASE WHEN measure = 'closing_balance' THEN value END) / sum(CASE WHEN measure = 'consumed' THEN value END) AS months
FROM observations WHERE measure IN ('closing_balance', 'consumed') GROUP BY org_unit ORDER BY org_unit;
-- c: everything about one place
SELECT item, measure, CAST(period_start AS VARCHAR) AS month, value, state, status, reason FROM observations
WHERE source_org_unit = 'S1' ORDER BY item, measure, month;
-- d: the whole table in groups
SELECT source, org_unit, item, measure, status, count(*) AS n, sum(value) AS total, min(value) AS least FROM observations
GROUP BY source, org_unit, item, measure, status ORDER BY source, org_unit, item, measure, status;
-- e: missing is not zero
SELECT state, count(*) AS n, count(value) AS numbers FROM observations GROUP BY state ORDER BY state;
-- f: what the checks found, where, as the list of held lines asks it
SELECT code, severity, position, args FROM findings WHERE severity <> 'info' ORDER BY code, position, args;
-- g: all versions of a number, as explaining asks it
SELECT run, position, version, value, value_text, state FROM observations_log
WHERE source = 'lmis' AND source_org_unit = 'S1' AND measure = 'consumed' ORDER BY run, position;
-- h: rows of each run
SELECT run, count(*) AS n FROM observations_log GROUP BY run ORDER BY run;
