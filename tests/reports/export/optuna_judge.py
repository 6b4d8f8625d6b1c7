"""Optuna's word on an exported journal: it reads all of it and finds the best trial that we know."""

import datetime
import json
import os
import time
import warnings

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState

from exported import results

STATES = {
    ("done", "completed"): TrialState.COMPLETE,
    ("done", "diverged"): TrialState.FAIL,
    ("failed", None): TrialState.FAIL,
    ("running", None): TrialState.RUNNING,
    ("pending", None): TrialState.WAITING,
}


def load(out):
    storage = JournalStorage(JournalFileBackend(str(out / "journal.log")))
    return optuna.load_study(study_name="sweep", storage=storage)


def judge_trials(made, study):
    rows = made.rows(
        "select p.run_id, p.state, p.outcome, p.objective, p.seed, p.parameters, t.started_ms,"
        " t.ended_ms from v_plan p join v_trials t using (run_id) where p.study = 'sweep'"
        " order by p.position")
    assert len(study.trials) == len(rows) == 10
    for trial, (run, state, outcome, objective, seed, parameters, started, ended) in zip(
            study.trials, rows):
        assert trial.user_attrs["run_id"] == run and trial.user_attrs["seed"] == seed
        assert trial.params == json.loads(parameters)
        for name, value in trial.params.items():
            distribution = trial.distributions[name]
            assert distribution._contains(distribution.to_internal_repr(value)), name
        assert trial.state == STATES[state, outcome], (state, outcome)
        assert trial.value == (objective if trial.state == TrialState.COMPLETE else None)
        judge_time(trial.datetime_start, started)
        judge_time(trial.datetime_complete, ended)
        curve = dict(made.rows("select epoch, value from v_metrics where name = 'valid_error'"
                               f" and run_id = '{run}' and value is not null"))
        assert trial.intermediate_values == curve


def judge_time(moment, ms):
    """Optuna tells times of where it runs."""
    if ms is None:
        assert moment is None
    else:
        assert moment == datetime.datetime.fromtimestamp(ms / 1000), (moment, ms)


def judge_distributions(study):
    distributions = study.trials[0].distributions
    assert all(trial.distributions == distributions for trial in study.trials)
    assert distributions["learning_rate"] == optuna.distributions.FloatDistribution(
        1e-4, 0.1, log=True)
    assert distributions["depth"] == optuna.distributions.IntDistribution(1, 9)
    assert distributions["flag"] == optuna.distributions.CategoricalDistribution([True, False])
    assert distributions["model"].choices[:4] == ("rnn", "../x", "=1+1", 'line\nbreak, "quoted"')


def judge_best(made, study):
    best = made.rows("select run_id, objective from v_plan where study = 'sweep'"
                     " and state = 'done' order by objective is null, objective limit 1")[0]
    assert (study.best_trial.user_attrs["run_id"], study.best_value) == best
    assert study.direction == optuna.study.StudyDirection.MINIMIZE
    assert study.metric_names == ["valid_error"]
    frame = study.trials_dataframe()
    assert len(frame) == 10 and frame["params_depth"][2] == 2


def main():
    os.environ["TZ"] = "Asia/Kolkata"
    time.tzset()
    warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
    with results() as made:
        study = load(made.export("optuna"))
        judge_trials(made, study)
        judge_distributions(study)
        judge_best(made, study)
        top = load(made.export("optuna", "--top", "2"))
        assert [trial.value for trial in top.trials] == [8.125, 7.0625]


main()
