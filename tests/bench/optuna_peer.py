#!/usr/bin/env python3
"""Trials and reports a second of Optuna, with SQLite and with its journal, beside ours.

    optuna_peer.py GLIMPSE [--trials N] [--epochs N]

GLIMPSE is the program, whose `bench scheduler` runs first on the same machine and in the same
temporary folder ($TMPDIR). One process asks Optuna's random sampler for a trial, reports to it and
tells it the result. The two do not do the same: Optuna's trial is a row or a line, ours also has a
folder with a journal of its own, and Optuna takes one number per report and epoch. Ends with 1 where
one of them fails; how fast they are is printed, not judged.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

import optuna
from optuna.storages.journal import JournalFileBackend


def open_storage(kind, folder):
    path = os.path.join(folder, kind)
    if kind == "sqlite":
        return optuna.storages.RDBStorage(f"sqlite:///{path}.db")
    return optuna.storages.JournalStorage(JournalFileBackend(path + ".log"))


def run_trials(study, count):
    for number in range(count):
        trial = study.ask()
        study.tell(trial, trial.suggest_float("x", 0, 1) + number)


def run_reports(study, epochs):
    trial = study.ask()
    for epoch in range(epochs):
        trial.report(1 / (1 + epoch), epoch)
    study.tell(trial, 0)


def rate(run, kind, count):
    """How many of them a second."""
    with tempfile.TemporaryDirectory() as folder:
        study = optuna.create_study(storage=open_storage(kind, folder),
                                    sampler=optuna.samplers.RandomSampler(seed=1))
        begin = time.perf_counter()
        run(study, count)
        return count / (time.perf_counter() - begin)


def our_rates(glimpse):
    text = subprocess.run([glimpse, "bench", "scheduler", "--processes", "1", "--naps", "1",
                           "--json"], check=True, stdout=subprocess.PIPE, text=True).stdout
    return {row["what"]: row["per_second"] for row in json.loads(text)["rates"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("glimpse")
    parser.add_argument("--trials", type=int, default=300)
    parser.add_argument("--epochs", type=int, default=1000)
    given = parser.parse_args()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    rates = our_rates(given.glimpse)
    ours = (rates["trials"], rates["metric rows"])
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{'':16}{'trials/s':>12}{'ours/its':>10}{'reports/s':>12}{'ours/its':>10}")
    print(f"{'glimpse':16}{ours[0]:12.0f}{'':10}{ours[1]:12.0f}")
    for kind in ("sqlite", "journal"):
        theirs = (rate(run_trials, kind, given.trials), rate(run_reports, kind, given.epochs))
        print(f"{'optuna ' + kind:16}{theirs[0]:12.0f}{ours[0] / theirs[0]:10.1f}"
              f"{theirs[1]:12.0f}{ours[1] / theirs[1]:10.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
