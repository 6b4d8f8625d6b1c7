-- A database of schema version 1 with one finished run. Never edited: later versions must be able to
-- take over databases like this one.
PRAGMA application_id=1196182864;
PRAGMA user_version=1;
-- One row is one text of a study; an edited text under the same name is another row. Its text lies
-- in studies/<text_hash>.json.
CREATE TABLE studies (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  text_hash TEXT NOT NULL CHECK (length(text_hash) = 32 AND text_hash NOT GLOB '*[^0-9a-f]*'),
  resolved TEXT NOT NULL CHECK (json_valid(resolved)),
  metric TEXT NOT NULL,
  goal TEXT NOT NULL CHECK (goal IN ('minimize', 'maximize')),
  created_ms INTEGER NOT NULL,
  used_ms INTEGER NOT NULL,
  UNIQUE (name, text_hash)
) STRICT;

CREATE TABLE trials (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE CHECK (length(key) = 64 AND key NOT GLOB '*[^0-9a-f]*'),
  run_id TEXT NOT NULL GENERATED ALWAYS AS (substr(key, 1, 32)) VIRTUAL,
  kind TEXT NOT NULL CHECK (kind IN ('train', 'command')),
  code TEXT NOT NULL,
  dataset TEXT NOT NULL,
  seed INTEGER NOT NULL,
  arm TEXT NOT NULL,
  world_size INTEGER NOT NULL CHECK (world_size >= 1),
  parameters TEXT NOT NULL CHECK (json_valid(parameters)),
  -- Not IN, for more than two of which SQLite makes a table in memory each time it looks.
  state TEXT NOT NULL DEFAULT 'pending'
    CHECK (state = 'pending' OR state = 'running' OR state = 'done' OR state = 'failed'
      OR state = 'cancelled'),
  outcome TEXT CHECK (outcome = 'completed' OR outcome = 'diverged' OR outcome = 'pruned'),
  objective REAL,
  best_epoch INTEGER,
  -- How often it was taken up again. A merge goes by it: what was said before no longer holds.
  requeues INTEGER NOT NULL DEFAULT 0,
  CHECK ((state = 'done') = (outcome IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX trials_by_run_id ON trials (run_id);

-- One trial may stand in several studies.
CREATE TABLE study_trials (
  study INTEGER NOT NULL REFERENCES studies (id),
  trial INTEGER NOT NULL REFERENCES trials (id),
  position INTEGER NOT NULL,
  stage INTEGER NOT NULL CHECK (stage >= 1),
  configuration INTEGER NOT NULL,
  PRIMARY KEY (study, trial)
) STRICT, WITHOUT ROWID;
CREATE INDEX study_trials_by_trial ON study_trials (trial);

CREATE TABLE environments (
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  json TEXT NOT NULL CHECK (json_valid(json))
) STRICT;

CREATE TABLE attempts (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(16)))),
  trial INTEGER NOT NULL REFERENCES trials (id),
  number INTEGER NOT NULL CHECK (number >= 1),
  state TEXT NOT NULL DEFAULT 'running'
    CHECK (state = 'running' OR state = 'finished' OR state = 'failed' OR state = 'preempted'
      OR state = 'lost' OR state = 'stopped'),
  class TEXT,
  message TEXT NOT NULL DEFAULT '',
  node TEXT NOT NULL,
  slot INTEGER NOT NULL,
  environment INTEGER REFERENCES environments (id),
  started_ms INTEGER NOT NULL,
  ended_ms INTEGER,
  records_taken INTEGER NOT NULL DEFAULT 0,
  checkpoints INTEGER NOT NULL DEFAULT 0,
  -- A merge found it running where it cannot be. That is nobody's word: the next merge forgets it
  -- and looks again.
  is_presumed_lost INTEGER NOT NULL DEFAULT 0 CHECK (is_presumed_lost IN (0, 1)),
  UNIQUE (trial, number),
  CHECK (state = 'lost' OR NOT is_presumed_lost),
  CHECK ((state = 'failed') = (class IS NOT NULL)),
  CHECK ((state = 'running') = (ended_ms IS NULL))
) STRICT;

-- What a merge has still to do: folders of attempts that have a new number. They go aside first,
-- all of them, since numbers may be swapped.
CREATE TABLE attempt_moves (
  attempt INTEGER PRIMARY KEY REFERENCES attempts (id),
  old_number INTEGER NOT NULL,
  is_aside INTEGER NOT NULL DEFAULT 0 CHECK (is_aside IN (0, 1))
) STRICT;

-- Names of metrics and timings as small numbers: the tables below hold millions of them.
CREATE TABLE names (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

-- What must come out equal whenever an epoch is run again. NULL stands for NaN and infinity. No
-- foreign keys: they would cost a look-up per row; verify() looks for strays instead.
CREATE TABLE metrics (
  trial INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  name INTEGER NOT NULL,
  value REAL,
  PRIMARY KEY (trial, epoch, name)
) STRICT, WITHOUT ROWID;

-- What may differ whenever an epoch is run again: times, rates, memory.
CREATE TABLE timings (
  attempt INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  name INTEGER NOT NULL,
  value REAL,
  PRIMARY KEY (attempt, epoch, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE epochs (
  attempt INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  t_ms INTEGER NOT NULL,
  weights_hash TEXT NOT NULL,
  PRIMARY KEY (attempt, epoch)
) STRICT, WITHOUT ROWID;

-- Files in an attempt's folder. Removed ones stay known, or a merge would bring them back.
CREATE TABLE artifacts (
  id INTEGER PRIMARY KEY,
  attempt INTEGER NOT NULL REFERENCES attempts (id),
  kind TEXT NOT NULL CHECK (kind IN ('checkpoint', 'crops')),
  file TEXT NOT NULL,
  bytes INTEGER,
  xxh3 TEXT,
  step INTEGER,
  epoch INTEGER,
  is_removed INTEGER NOT NULL DEFAULT 0 CHECK (is_removed IN (0, 1)),
  UNIQUE (attempt, file)
) STRICT;

CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(16)))),
  t_ms INTEGER,
  trial INTEGER REFERENCES trials (id),
  attempt INTEGER REFERENCES attempts (id),
  kind TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(detail))
) STRICT;
CREATE INDEX events_by_trial ON events (trial);
-- Revisions are counted when asked for, so that merged databases agree on them.
CREATE VIEW v_studies AS
SELECT s.name AS study,
  row_number() OVER (PARTITION BY s.name ORDER BY s.created_ms, s.text_hash) AS revision,
  row_number() OVER (PARTITION BY s.name ORDER BY s.used_ms DESC, s.text_hash) = 1 AS is_newest,
  s.text_hash,
  s.metric,
  s.goal,
  (SELECT count(*) FROM study_trials l WHERE l.study = s.id) AS trials,
  strftime('%Y-%m-%dT%H:%M:%fZ', s.created_ms / 1000.0, 'unixepoch') AS created,
  s.created_ms,
  strftime('%Y-%m-%dT%H:%M:%fZ', s.used_ms / 1000.0, 'unixepoch') AS used,
  s.used_ms
FROM studies s;

CREATE VIEW newest_studies AS
SELECT id, name FROM (
  SELECT id, name, row_number() OVER (PARTITION BY name ORDER BY used_ms DESC, text_hash) AS age
  FROM studies)
WHERE age = 1;

CREATE VIEW v_plan AS
SELECT s.name AS study, t.run_id, l.position, l.stage, l.configuration, t.seed, t.arm,
  t.parameters, t.state, t.outcome, t.objective
FROM newest_studies s
JOIN study_trials l ON l.study = s.id
JOIN trials t ON t.id = l.trial;

CREATE VIEW trial_studies AS
SELECT l.trial, s.name, s.metric, s.goal, s.created_ms, s.text_hash
FROM study_trials l JOIN studies s ON s.id = l.study;

CREATE VIEW v_trials AS
SELECT t.run_id,
  (SELECT name FROM trial_studies s WHERE s.trial = t.id
   ORDER BY created_ms, name, text_hash LIMIT 1) AS study,
  (SELECT json_group_array(name) FROM
    (SELECT DISTINCT name FROM trial_studies s WHERE s.trial = t.id ORDER BY name)) AS studies,
  t.state, t.outcome, t.objective, t.best_epoch,
  (SELECT max(m.epoch) FROM metrics m WHERE m.trial = t.id) AS last_epoch,
  t.seed, t.arm, t.parameters, t.kind, t.code, t.dataset, t.world_size, t.key,
  (SELECT count(*) FROM attempts a WHERE a.trial = t.id) AS attempts,
  (SELECT strftime('%Y-%m-%dT%H:%M:%fZ', min(a.started_ms) / 1000.0, 'unixepoch')
    FROM attempts a WHERE a.trial = t.id) AS started,
  (SELECT min(a.started_ms) FROM attempts a WHERE a.trial = t.id) AS started_ms,
  (SELECT strftime('%Y-%m-%dT%H:%M:%fZ', max(a.ended_ms) / 1000.0, 'unixepoch') FROM attempts a
    WHERE a.trial = t.id AND t.state IN ('done', 'failed')) AS ended,
  (SELECT max(a.ended_ms) FROM attempts a
    WHERE a.trial = t.id AND t.state IN ('done', 'failed')) AS ended_ms
FROM trials t;

CREATE VIEW v_attempts AS
SELECT t.run_id, a.number AS attempt, a.uid, a.state, a.class, a.message, a.node, a.slot,
  e.hash AS environment_hash, e.json AS environment, a.records_taken,
  a.checkpoints,
  strftime('%Y-%m-%dT%H:%M:%fZ', a.started_ms / 1000.0, 'unixepoch') AS started,
  a.started_ms,
  strftime('%Y-%m-%dT%H:%M:%fZ', a.ended_ms / 1000.0, 'unixepoch') AS ended,
  a.ended_ms,
  (a.ended_ms - a.started_ms) / 1000.0 AS seconds
FROM attempts a
JOIN trials t ON t.id = a.trial
LEFT JOIN environments e ON e.id = a.environment;

CREATE VIEW v_metrics AS
SELECT t.run_id, m.epoch, n.name, m.value
FROM trials t CROSS JOIN metrics m ON m.trial = t.id JOIN names n ON n.id = m.name;

CREATE VIEW v_timings AS
SELECT t.run_id, a.number AS attempt, m.epoch, n.name, m.value
FROM trials t
CROSS JOIN attempts a ON a.trial = t.id
CROSS JOIN timings m ON m.attempt = a.id
JOIN names n ON n.id = m.name;

CREATE VIEW v_epochs AS
SELECT t.run_id, a.number AS attempt, e.epoch, e.weights_hash,
  strftime('%Y-%m-%dT%H:%M:%fZ', e.t_ms / 1000.0, 'unixepoch') AS time,
  e.t_ms AS time_ms
FROM trials t CROSS JOIN attempts a ON a.trial = t.id CROSS JOIN epochs e ON e.attempt = a.id;

CREATE VIEW v_curves AS
SELECT p.study, t.run_id, t.arm, t.parameters, t.seed, n.name, m.epoch, m.value,
  (SELECT min(e.t_ms) FROM attempts a JOIN epochs e ON e.attempt = a.id AND e.epoch = m.epoch
   WHERE a.trial = t.id) AS time_ms
FROM (SELECT s.name AS study, l.trial FROM newest_studies s
      JOIN study_trials l ON l.study = s.id) p
JOIN trials t ON t.id = p.trial
CROSS JOIN metrics m ON m.trial = t.id
JOIN names n ON n.id = m.name;

CREATE VIEW v_failures AS
SELECT t.run_id,
  (SELECT name FROM trial_studies s WHERE s.trial = t.id
   ORDER BY created_ms, name, text_hash LIMIT 1) AS study,
  a.number AS attempt, a.class, a.message, a.node, a.slot, t.state AS trial_state, t.seed, t.arm,
  t.parameters,
  strftime('%Y-%m-%dT%H:%M:%fZ', a.ended_ms / 1000.0, 'unixepoch') AS ended,
  a.ended_ms
FROM attempts a JOIN trials t ON t.id = a.trial
WHERE a.state = 'failed';

CREATE VIEW v_artifacts AS
SELECT t.run_id, a.number AS attempt, f.kind,
  'runs/' || substr(t.key, 1, 2) || '/' || t.run_id || '/attempt-' || a.number || '/' || f.file
    AS path,
  f.bytes, f.xxh3, f.step, f.epoch
FROM artifacts f JOIN attempts a ON a.id = f.attempt JOIN trials t ON t.id = a.trial
WHERE NOT f.is_removed;

CREATE VIEW v_events AS
SELECT t.run_id, a.number AS attempt, e.kind, e.detail, e.uid,
  strftime('%Y-%m-%dT%H:%M:%fZ', e.t_ms / 1000.0, 'unixepoch') AS time,
  e.t_ms AS time_ms
FROM events e LEFT JOIN trials t ON t.id = e.trial LEFT JOIN attempts a ON a.id = e.attempt;

-- A run's final value of a metric: the one at its best epoch; a metric that has none there
-- (test_error_last) counts with that of the last epoch.
CREATE VIEW final_metrics AS
SELECT t.id AS trial, n.name, m.value
FROM trials t
CROSS JOIN metrics m ON m.trial = t.id AND m.epoch = t.best_epoch
JOIN names n ON n.id = m.name
UNION ALL
SELECT t.id, n.name, m.value
FROM trials t
CROSS JOIN metrics m ON m.trial = t.id
  AND m.epoch = (SELECT max(epoch) FROM metrics WHERE trial = t.id)
JOIN names n ON n.id = m.name
WHERE NOT EXISTS (SELECT 1 FROM metrics b
  WHERE b.trial = t.id AND b.epoch = t.best_epoch AND b.name = m.name);

CREATE VIEW v_cells AS
WITH members AS (
  SELECT s.name AS study, t.id AS trial, t.run_id, t.key, t.kind, t.code, t.dataset, t.world_size,
    t.arm, t.parameters, t.seed,
    t.state = 'done' AND t.outcome = 'completed' AS is_complete
  FROM newest_studies s
  JOIN study_trials l ON l.study = s.id
  JOIN trials t ON t.id = l.trial),
cells AS (
  SELECT *,
    min(trial) OVER cell AS cell,
    count(*) OVER cell AS planned,
    sum(is_complete) OVER cell AS completed,
    first_value(run_id) OVER cell AS first_run,
    json_group_array(run_id) OVER cell AS run_ids
  FROM members
  WINDOW cell AS (PARTITION BY study, kind, code, dataset, world_size, arm, parameters
    ORDER BY seed, key ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)),
finals AS (
  SELECT c.*, f.name, f.value,
    avg(f.value) OVER (PARTITION BY c.study, c.cell, f.name
      ORDER BY c.seed, c.key ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS average
  FROM cells c LEFT JOIN final_metrics f ON f.trial = c.trial AND c.is_complete),
spreads AS (
  SELECT *,
    count(name) OVER (PARTITION BY study, cell) AS names,
    sum((value - average) * (value - average)) OVER (PARTITION BY study, cell, name
      ORDER BY seed, key ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS squares
  FROM finals)
SELECT study, first_run AS run_id, run_ids, parameters, arm, name, planned, completed,
  count(value) AS n,
  CASE WHEN count(value) = planned THEN max(average) END AS mean,
  CASE WHEN count(value) = planned AND planned > 1 THEN sqrt(max(squares) / (planned - 1)) END
    AS sd,
  min(value) AS min, max(value) AS max,
  kind, code, dataset, world_size
FROM spreads
WHERE name IS NOT NULL OR names = 0
GROUP BY study, cell, name;

INSERT INTO studies VALUES (1, 'table1', '00112233445566778899aabbccddeeff', '{"name":"table1"}',
  'valid_error', 'minimize', 1600000000000, 1600000000000);
INSERT INTO trials (id, key, kind, code, dataset, seed, arm, world_size, parameters, state, outcome,
  objective, best_epoch) VALUES (1,
  '0000000000000000000000000000000700000000000000000000000000000000', 'train', '1', 'd', 1, '', 1,
  '{"model":"rnn-spn"}', 'done', 'completed', 12.5, 1);
INSERT INTO study_trials VALUES (1, 1, 0, 1, 0);
INSERT INTO environments VALUES (1, 'e', '{}');
INSERT INTO attempts VALUES (1, 'ffeeddccbbaa99887766554433221100', 1, 1, 'finished', NULL, '', 'n1',
  0, 1, 1700000000000, 1700000009000, 4, 1, 0);
INSERT INTO names VALUES (1, 'valid_error');
INSERT INTO names VALUES (2, 'seconds_train');
INSERT INTO metrics VALUES (1, 1, 1, 12.5);
INSERT INTO timings VALUES (1, 1, 2, 0.5);
INSERT INTO epochs VALUES (1, 1, 1700000005000, 'w1');
INSERT INTO artifacts VALUES (1, 1, 'checkpoint', 'step-1.safetensors', 7, NULL, 1, 1, 0);
INSERT INTO events VALUES (1, 'u', 1700000005000, 1, 1, 'note', '{}');
