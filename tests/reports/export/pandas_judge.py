"""pandas' word on the views of a database, and on the same in CSV."""

import json

import pandas

from exported import results

NAMES = {"'=cmd()": "=cmd()"}  # what a spreadsheet would run has an apostrophe


def read(path):
    return pandas.read_csv(path, float_precision="round_trip", keep_default_na=False,
                           na_values={"value": "", "objective": "", "best_epoch": ""},
                           encoding="utf-8")


def judge_runs(made, out):
    with made.connect() as database:
        plan = pandas.read_sql_query(
            "select * from v_plan where study = 'sweep' order by position", database)
    runs = read(out / "runs.csv")
    for column in ("run_id", "position", "stage", "configuration", "seed", "state"):
        assert list(runs[column]) == list(plan[column]), column
    assert list(runs["outcome"]) == list(plan["outcome"].fillna(""))
    pandas.testing.assert_series_equal(runs["objective"], plan["objective"])
    parameters = pandas.DataFrame([json.loads(text) for text in plan["parameters"]])
    for column in ("learning_rate", "depth", "noise", "flag"):
        assert list(runs[column]) == list(parameters[column]), column
    models = [model.removeprefix("'") for model in runs["model"]]
    assert models == list(parameters["model"])
    assert runs["model"][4] == "'=1+1", "a spreadsheet would run it"
    assert runs["model"][6] == 'line\nbreak, "quoted"'


def judge_metrics(made, out):
    with made.connect() as database:
        view = pandas.read_sql_query(
            "select m.run_id, m.epoch, m.name, m.value from v_metrics m join v_plan p"
            " using (run_id) where p.study = 'sweep' order by p.position, m.epoch, m.name",
            database)
    metrics = read(out / "metrics.csv")
    metrics["name"] = metrics["name"].replace(NAMES)
    pandas.testing.assert_frame_equal(metrics[list(view.columns)], view)
    assert metrics["value"].isna().sum() == 1
    assert b"nan" not in (out / "metrics.csv").read_bytes().lower()


def judge_bytes(out):
    for name in ("runs.csv", "metrics.csv"):
        content = (out / name).read_bytes()
        assert not content.startswith(b"\xef\xbb\xbf") and content.endswith(b"\r\n")


def main():
    with results() as made:
        out = made.export("csv")
        judge_runs(made, out)
        judge_metrics(made, out)
        judge_bytes(out)


main()
