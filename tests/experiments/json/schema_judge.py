"""Judges the schema of studies with the PyPI package jsonschema.

usage: schema_judge.py SCHEMA_PRINTER STUDIES_FOLDER

Every shipped study has to pass, and every damaged one below has to be refused: a schema that takes
all would pass the first half too.
"""

import copy
import json
import pathlib
import re
import subprocess
import sys

import jsonschema

TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/', re.DOTALL)


def load(path):
    text = path.read_text(encoding="utf-8")
    plain = TOKEN.sub(lambda found: found[0] if found[0].startswith('"') else " ", text)
    return json.loads(plain)


# What is done to table1.json, as a path and a new value.
WRONG = [
    (["metod"], "grid"),
    (["name"], "../table1"),
    (["kind"], "trian"),
    (["seeds"], 0),
    (["seeds"], [1, 1]),
    (["seed"], 1.5),
    (["parameters", "droput"], {"value": 0.5}),
    (["parameters", "dropout"], {"value": 2}),
    (["parameters", "dropout"], {"values": []}),
    (["parameters", "dropout"], {"value": 0, "values": [0]}),
    (["parameters", "dropout"], {"min": 0}),
    (["parameters", "epochs"], {"value": 1.5}),
    (["parameters", "model"], {"value": "mlp"}),
    (["parameters", "dataset.train"], {"values": [0]}),
    (["dataset", "train"], 0),
    (["dataset", "widht"], 100),
    (["exclude"], [{"droput": 0}]),
    (["when"], {"dropout": {"modle": ["conv"]}}),
    (["points"], [{"model": "mlp"}]),
    (["resources", "cores"], "two"),
    (["resources", "gpu"], 1),
    (["resources", "memory"], "16GB"),
    (["resources", "trials_per_gpu"], "many"),
    (["checkpoint_every"], 300),
    (["checkpoint_every"], "5 min"),
    (["limits"], {"stop_if": {"of_last": [20, 50]}}),
    (["limits"], {"log_patterns": [{"pattern": "x", "class": "bad"}]}),
    (["limits"], {"rlimits": {"nofiles": 1}}),
    (["table", "rows"], 3),
    (["table", "select", "over"], "dropout"),
    (["table", "published"], [{"model": "conv"}]),
    (["table", "claims"], [{"below": [{}]}]),
    (["table", "margin"], -1),
    (["exclude"], [{}]),
    (["when"], {"dropout": {}}),
    (["when"], {"dropout": {"model": []}}),
    (["when"], {"dropout": {"model": ["conv", "conv"]}}),
    (["table", "select", "over"], []),
    (["table", "select", "over"], ["dropout", "dropout"]),
    (["limits"], {"log_patterns": [{"pattern": "x", "class": "oom"}] * 65}),
    (["command"], ["./run"]),
]

# Sound things that no shipped study has.
RIGHT = [
    (["seeds"], [3, 7]),
    (["parameters", "dropout"], {"mu": 0.2, "sigma": 0.1, "distribution": "normal"}),
    (["parameters", "dataset.train"], {"values": [10, 20]}),
    (["exclude"], [{"dropout": 0}]),
    (["when"], {"dropout": {"model": ["conv"]}}),
    (["resources", "memory"], "16GiB"),
    (["limits"], {"rlimits": {"as": "1GiB"}, "stop_if": {"of_last": [20, 0.5]}}),
    (["limits"], {"log_patterns": [{"pattern": "x", "class": "oom"}] * 64}),
    (["points"], [{}]),
    (["when"], {}),
    (["command"], []),
]

# What is done to the command below.
WRONG_COMMAND = [
    (["command"], []),
    (["parameters", "seed"], {"value": 1}),
    (["parameters", "a b"], {"value": 1}),
    (["parameters", "-lr"], {"value": 1}),
    (["parameters", ""], {"value": 1}),
    (["parameters", "a" * 65], {"value": 1}),
    (["points"], [{"run_id": 1}]),
    (["exclude"], [{"attempt": 1}]),
    (["exclude"], [{}]),
    (["when"], {"seed": {"lr": [1]}}),
    (["when"], {"lr": {"seed": [1]}}),
    (["when"], {"lr": {}}),
    (["when"], {"lr": {"lr": []}}),
]
RIGHT_COMMAND = [
    (["parameters", "a" * 64], {"value": 1}),
    (["parameters", "_a.B-9"], {"value": "x"}),
    (["points"], [{}, {"lr": 1}]),
    (["exclude"], [{"lr": 1}]),
    (["when"], {"lr": {"mode": ["a", 1, True]}}),
]

COMMAND = {
    "name": "mine",
    "kind": "command",
    "command": ["python3", "train.py", "--lr={lr}"],
    "metric": {"name": "loss"},
    "parameters": {"lr": {"min": 1e-5, "max": 1, "distribution": "log_uniform"}},
}


def changed(study, path, value):
    study = copy.deepcopy(study)
    inner = study
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return study


def main():
    printed = subprocess.run([sys.argv[1]], check=True, stdout=subprocess.PIPE)
    schema = json.loads(printed.stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)

    failures = []
    studies = {path.stem: load(path) for path in pathlib.Path(sys.argv[2]).glob("*.json")}
    right = list(studies.items()) + [("a command", COMMAND)]
    table1 = studies["table1"]
    right += [(str(change), changed(table1, *change)) for change in RIGHT]
    right += [(str(change), changed(COMMAND, *change)) for change in RIGHT_COMMAND]
    for name, study in right:
        for error in validator.iter_errors(study):
            failures.append(f"{name}: refused: {error.json_path}: {error.message}")
    wrong = [(str(change), changed(table1, *change)) for change in WRONG]
    wrong += [(str(change), changed(COMMAND, *change)) for change in WRONG_COMMAND]
    wrong.append(("no name", {"seeds": 1}))
    wrong.append(("no command", {"name": "t", "kind": "command"}))
    wrong.append(("a list", []))
    for name, study in wrong:
        if validator.is_valid(study):
            failures.append(f"{name}: taken")

    print(f"{len(right)} sound studies, {len(wrong)} damaged ones, {len(failures)} failures")
    print("\n".join(failures))
    return 1 if failures or len(studies) < 4 else 0


if __name__ == "__main__":
    sys.exit(main())
