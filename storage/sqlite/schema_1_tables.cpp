#include "storage/sqlite/schema_sql.h"

namespace glimpse::storage {

const std::string_view kSchema1Tables = R"sql(
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
)sql";

}  // namespace glimpse::storage
