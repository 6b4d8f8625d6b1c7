#pragma once

// The steps of a merge, in order, for a connection that has the other database attached as
// `source`. Wherever the two disagree, the rule picks one of the two by the values alone, never by
// the side they stand on: only so is the outcome the same for every order of merges.

namespace glimpse::storage::merge_sql {

inline constexpr char kAddStudies[] = R"sql(
INSERT INTO main.studies (name, text_hash, resolved, metric, goal, created_ms, used_ms)
SELECT name, text_hash, resolved, metric, goal, created_ms, used_ms FROM source.studies
WHERE true ON CONFLICT DO NOTHING
)sql";

inline constexpr char kUpdateStudies[] = R"sql(
UPDATE main.studies SET resolved = s.resolved, metric = s.metric, goal = s.goal
FROM source.studies s
WHERE s.name = studies.name AND s.text_hash = studies.text_hash
  AND (s.used_ms, s.resolved, s.metric, s.goal)
    > (studies.used_ms, studies.resolved, studies.metric, studies.goal);
UPDATE main.studies SET created_ms = min(studies.created_ms, s.created_ms),
  used_ms = max(studies.used_ms, s.used_ms)
FROM source.studies s
WHERE s.name = studies.name AND s.text_hash = studies.text_hash;
)sql";

inline constexpr char kAddTrials[] = R"sql(
INSERT INTO main.trials (key, kind, code, dataset, seed, arm, world_size, parameters,
  state, outcome, objective, best_epoch, requeues)
SELECT key, kind, code, dataset, seed, arm, world_size, parameters,
  state, outcome, objective, best_epoch, requeues
FROM source.trials
WHERE true ON CONFLICT DO NOTHING
)sql";

// A done trial is done. Of the others, the one that was taken up again more often knows more; then,
// the further a trial got, the later its word stands in the list.
inline constexpr char kUpdateTrials[] = R"sql(
UPDATE main.trials SET state = s.state, outcome = s.outcome, best_epoch = s.best_epoch,
  requeues = s.requeues
FROM source.trials s
WHERE s.key = trials.key AND
  (s.state = 'done', s.requeues,
    instr('pending running cancelled failed pruned diverged completed',
      coalesce(s.outcome, s.state)), -coalesce(s.best_epoch, 1e18))
  > (trials.state = 'done', trials.requeues,
    instr('pending running cancelled failed pruned diverged completed',
      coalesce(trials.outcome, trials.state)), -coalesce(trials.best_epoch, 1e18));
)sql";

inline constexpr char kAddLinks[] = R"sql(
INSERT INTO main.study_trials (study, trial, position, stage, configuration)
SELECT ms.id, mt.id, l.position, l.stage, l.configuration
FROM source.study_trials l
JOIN source.studies s ON s.id = l.study
JOIN source.trials t ON t.id = l.trial
JOIN main.studies ms ON ms.name = s.name AND ms.text_hash = s.text_hash
JOIN main.trials mt ON mt.key = t.key
WHERE true ON CONFLICT DO UPDATE SET position = min(position, excluded.position),
  stage = min(stage, excluded.stage), configuration = min(configuration, excluded.configuration);
)sql";

// Numbers before the merge, so that moved ones can be told.
inline constexpr char kRememberNumbers[] = R"sql(
CREATE TEMP TABLE old_numbers AS SELECT uid, number FROM main.attempts;
INSERT INTO main.environments (hash, json)
SELECT hash, json FROM source.environments
WHERE true ON CONFLICT (hash) DO UPDATE SET json = min(json, excluded.json);
)sql";

// What merges presumed is taken back on both sides, and found anew when all is together: only what
// was recorded may decide, or the order of merges would.
inline constexpr char kForgetPresumptions[] = R"sql(
UPDATE main.attempts SET state = 'running', ended_ms = NULL, is_presumed_lost = 0
WHERE is_presumed_lost;
CREATE TEMP TABLE source_attempts AS
SELECT id, uid, trial, number, iif(is_presumed_lost, 'running', state) AS state, class, message,
  node, slot, environment, started_ms, iif(is_presumed_lost, NULL, ended_ms) AS ended_ms,
  records_taken, checkpoints
FROM source.attempts;
)sql";

// New attempts come with numbers that no trial reaches, and get their own in the next steps.
inline constexpr char kAddAttempts[] = R"sql(
INSERT INTO main.attempts (uid, trial, number, state, class, message, node, slot, environment,
  started_ms, ended_ms, records_taken, checkpoints)
SELECT a.uid, mt.id, a.number + 1000000000, a.state, a.class, a.message, a.node, a.slot, me.id,
  a.started_ms, a.ended_ms, a.records_taken, a.checkpoints
FROM temp.source_attempts a
JOIN source.trials t ON t.id = a.trial
JOIN main.trials mt ON mt.key = t.key
LEFT JOIN source.environments e ON e.id = a.environment
LEFT JOIN main.environments me ON me.hash = e.hash
WHERE true ON CONFLICT (uid) DO NOTHING
)sql";

// One attempt in both: two copies of one database, of which one went on. Clocks may be wrong, so
// any recorded end stands above none.
inline constexpr char kUpdateAttempts[] = R"sql(
UPDATE main.attempts SET state = s.state, class = s.class, message = s.message,
  ended_ms = s.ended_ms, records_taken = s.records_taken, checkpoints = s.checkpoints,
  environment = (SELECT me.id FROM source.environments e JOIN main.environments me
    ON me.hash = e.hash WHERE e.id = s.environment)
FROM temp.source_attempts s
WHERE s.uid = attempts.uid AND
  (s.records_taken, instr('running lost stopped preempted failed finished', s.state),
    coalesce(s.ended_ms, 0), coalesce(s.class, ''), s.message)
  > (attempts.records_taken, instr('running lost stopped preempted failed finished',
    attempts.state), coalesce(attempts.ended_ms, 0), coalesce(attempts.class, ''),
    attempts.message);
)sql";

inline constexpr char kRenumberAttempts[] = R"sql(
CREATE TEMP TABLE touched AS SELECT DISTINCT trial FROM main.attempts WHERE number > 1000000000;
UPDATE main.attempts SET number = number + 2000000000
WHERE trial IN (SELECT trial FROM temp.touched);
UPDATE main.attempts SET number = ordered.number
FROM (SELECT id, row_number() OVER (PARTITION BY trial ORDER BY started_ms, uid) AS number
      FROM main.attempts WHERE trial IN (SELECT trial FROM temp.touched)) AS ordered
WHERE ordered.id = attempts.id;
)sql";

inline constexpr char kAddNames[] = R"sql(
INSERT INTO main.names (name) SELECT name FROM source.names WHERE true
ON CONFLICT DO NOTHING;
CREATE TEMP TABLE trial_map (theirs INTEGER PRIMARY KEY, ours INTEGER NOT NULL);
INSERT INTO temp.trial_map
SELECT t.id, mt.id FROM source.trials t JOIN main.trials mt ON mt.key = t.key;
CREATE TEMP TABLE attempt_map (theirs INTEGER PRIMARY KEY, ours INTEGER NOT NULL);
INSERT INTO temp.attempt_map
SELECT a.id, ma.id FROM source.attempts a JOIN main.attempts ma ON ma.uid = a.uid;
CREATE TEMP TABLE name_map (theirs INTEGER PRIMARY KEY, ours INTEGER NOT NULL);
INSERT INTO temp.name_map
SELECT n.id, mn.id FROM source.names n JOIN main.names mn ON mn.name = n.name;
)sql";

// The larger value stays, and one that was not finite before all: a disagreement must never make an
// error look smaller. The event is named by what it tells, so it is made once.
inline constexpr char kReportConflicts[] = R"sql(
INSERT INTO main.events (uid, trial, kind, detail)
SELECT key || '-' || epoch || '-' || name || '-' || printf('%!.17g', dropped), trial,
  'nondeterminism', json_object('epoch', epoch, 'name', name,
    'dropped', json(printf('%!.17g', dropped)))
FROM (
  SELECT t.key, m.trial, m.epoch, n.name, CASE WHEN m.value IS NULL THEN s.value
    WHEN s.value IS NULL THEN m.value ELSE min(m.value, s.value) END AS dropped
  FROM source.metrics s
  JOIN temp.trial_map tm ON tm.theirs = s.trial
  JOIN temp.name_map nm ON nm.theirs = s.name
  JOIN main.metrics m ON m.trial = tm.ours AND m.epoch = s.epoch AND m.name = nm.ours
  JOIN main.trials t ON t.id = m.trial
  JOIN main.names n ON n.id = m.name
  WHERE m.value IS NOT s.value)
WHERE true ON CONFLICT DO NOTHING
)sql";

inline constexpr char kAddMetrics[] = R"sql(
INSERT INTO main.metrics (trial, epoch, name, value)
SELECT tm.ours, s.epoch, nm.ours, s.value
FROM source.metrics s
JOIN temp.trial_map tm ON tm.theirs = s.trial
JOIN temp.name_map nm ON nm.theirs = s.name
WHERE true ON CONFLICT DO NOTHING
)sql";

inline constexpr char kKeepLargerMetrics[] = R"sql(
UPDATE main.metrics SET value = s.value
FROM source.metrics s
JOIN temp.trial_map tm ON tm.theirs = s.trial
JOIN temp.name_map nm ON nm.theirs = s.name
WHERE metrics.trial = tm.ours AND metrics.epoch = s.epoch AND metrics.name = nm.ours
  AND metrics.value IS NOT NULL AND (s.value IS NULL OR s.value > metrics.value);
)sql";

inline constexpr char kAddAttemptRows[] = R"sql(
INSERT INTO main.timings (attempt, epoch, name, value)
SELECT am.ours, s.epoch, nm.ours, s.value
FROM source.timings s
JOIN temp.attempt_map am ON am.theirs = s.attempt
JOIN temp.name_map nm ON nm.theirs = s.name
WHERE true ON CONFLICT DO NOTHING;
INSERT INTO main.epochs (attempt, epoch, t_ms, weights_hash)
SELECT am.ours, s.epoch, s.t_ms, s.weights_hash
FROM source.epochs s JOIN temp.attempt_map am ON am.theirs = s.attempt
WHERE true ON CONFLICT DO NOTHING;
INSERT INTO main.artifacts (attempt, kind, file, bytes, xxh3, step, epoch, is_removed)
SELECT am.ours, s.kind, s.file, s.bytes, s.xxh3, s.step, s.epoch, s.is_removed
FROM source.artifacts s JOIN temp.attempt_map am ON am.theirs = s.attempt
WHERE true ON CONFLICT (attempt, file) DO UPDATE SET
  is_removed = max(is_removed, excluded.is_removed);
)sql";

inline constexpr char kAddEvents[] = R"sql(
INSERT INTO main.events (uid, t_ms, trial, attempt, kind, detail)
SELECT s.uid, s.t_ms, tm.ours, am.ours, s.kind, s.detail
FROM source.events s
LEFT JOIN temp.trial_map tm ON tm.theirs = s.trial
LEFT JOIN temp.attempt_map am ON am.theirs = s.attempt
WHERE true ON CONFLICT DO NOTHING;
)sql";

// What follows from the union: attempts that were still under way on a trial that ended elsewhere,
// or that was started again elsewhere, are lost, a trial is running where an attempt is, and its
// objective is that of all its metrics.
// For all trials, not for the source's alone: a study that starts sooner there may change which one
// is a trial's first.
inline constexpr char kSettle[] = R"sql(
UPDATE main.attempts SET state = 'lost', is_presumed_lost = 1,
  ended_ms = max(started_ms,
    coalesce((SELECT max(t_ms) FROM main.epochs e WHERE e.attempt = attempts.id), 0))
WHERE state = 'running'
  AND (trial IN (SELECT id FROM main.trials WHERE state IN ('done', 'failed', 'cancelled'))
    OR number < (SELECT max(number) FROM main.attempts o WHERE o.trial = attempts.trial));

UPDATE main.trials SET state = CASE WHEN EXISTS
    (SELECT 1 FROM main.attempts a WHERE a.trial = trials.id AND a.state = 'running')
  THEN 'running' ELSE 'pending' END
WHERE state IN ('pending', 'running');

CREATE TEMP TABLE objectives AS
SELECT t.id AS trial, n.id AS name, s.goal
FROM main.trials t
JOIN main.studies s ON s.id = (
  SELECT f.id FROM main.study_trials l JOIN main.studies f ON f.id = l.study
  WHERE l.trial = t.id ORDER BY f.created_ms, f.name, f.text_hash LIMIT 1)
LEFT JOIN main.names n ON n.name = s.metric;

UPDATE main.trials SET objective = CASE
  WHEN outcome IS 'diverged' THEN NULL
  WHEN o.goal = 'maximize' THEN
    (SELECT max(value) FROM main.metrics m WHERE m.trial = trials.id AND m.name = o.name)
  ELSE (SELECT min(value) FROM main.metrics m WHERE m.trial = trials.id AND m.name = o.name) END
FROM temp.objectives o WHERE o.trial = trials.id;

UPDATE main.trials SET best_epoch =
  (SELECT min(m.epoch) FROM main.metrics m
   WHERE m.trial = trials.id AND m.name = o.name AND m.value = objective)
FROM temp.objectives o WHERE o.trial = trials.id AND trials.state <> 'done';
)sql";

inline constexpr char kListMoves[] = R"sql(
INSERT INTO main.attempt_moves (attempt, old_number)
SELECT a.id, o.number FROM temp.old_numbers o JOIN main.attempts a ON a.uid = o.uid
WHERE o.number <> a.number
)sql";

inline constexpr char kForgetNumbers[] = R"sql(
DROP TABLE temp.old_numbers; DROP TABLE temp.touched; DROP TABLE temp.trial_map;
DROP TABLE temp.attempt_map; DROP TABLE temp.name_map; DROP TABLE temp.objectives;
DROP TABLE temp.source_attempts;
)sql";

}  // namespace glimpse::storage::merge_sql
