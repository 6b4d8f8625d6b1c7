// What a reader of studies says about mistakes: exact texts, with line and column.

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "experiments/json/study_json.h"

namespace glimpse::experiments {
namespace {

std::string complaints(std::string_view text, const std::vector<std::string>& overrides = {}) {
  try {
    parse_study(text, "table1.json", parse_overrides(overrides));
  } catch (const StudyError& error) {
    return error.what();
  }
  return "";
}

TEST(StudyErrors, NameThePlaceTheKeyAndWhatWasMeant) {
  EXPECT_EQ(complaints(R"(// Grüße: 网络
{
  "name": "t", /* größer */ "method": "grid",
  "parameters": {
    "model": {"value": "conv"},
    /* é */ "droput": {"value": 0.5}
  }
})"),
            "table1.json:6:13: /parameters/droput: unknown key (did you mean \"dropout\"?)");
}

TEST(StudyErrors, AreAllListedInTheOrderOfTheText) {
  EXPECT_EQ(complaints(R"({
  "seeds": 0,
  "parameters": {
    "dropout": {"values": [0.2, 2, "x"]},
    "epochs": {"value": 1.5},
    "model": {"value": "con"}
  },
  "metod": "grid",
  "resources": {"cores": "two", "gpu": 1},
  "resources": {"cores": 1},
  "dataset": {"train": 0, "recipe": "clutterd-sequences", "widht": 3}
})"),
            "table1.json:1:1: missing key \"name\"\n"
            "table1.json:2:12: /seeds: must be a whole number from 1 to 10000, not 0\n"
            "table1.json:4:33: /parameters/dropout/values/1: must be a number from 0 to 0.95, not "
            "2\n"
            "table1.json:4:36: /parameters/dropout/values/2: must be a number from 0 to 0.95, not "
            "\"x\"\n"
            "table1.json:5:25: /parameters/epochs/value: must be a whole number from 1 to 100000, "
            "not 1.5\n"
            "table1.json:6:24: /parameters/model/value: must be one of \"rnn-spn\", \"ffn-spn\", "
            "\"conv\", not \"con\" (did you mean \"conv\"?)\n"
            "table1.json:8:3: /metod: unknown key (did you mean \"method\"?)\n"
            "table1.json:9:26: /resources/cores: must be a whole number from 1 to 4096, not "
            "\"two\"\n"
            "table1.json:9:33: /resources/gpu: unknown key (did you mean \"gpus\"?)\n"
            "table1.json:10:3: /resources: duplicate key (first given on line 9)\n"
            "table1.json:11:24: /dataset/train: must be a whole number from 1 to 10000000, not 0\n"
            "table1.json:11:37: /dataset/recipe: must be \"cluttered-sequences\", not "
            "\"clutterd-sequences\" (did you mean \"cluttered-sequences\"?)\n"
            "table1.json:11:59: /dataset/widht: unknown key (did you mean \"width\"?)");
}

// A study with one more member, and what is said about it without the place.
struct Wrong {
  std::string_view member;
  std::string_view complaint;
};

void PrintTo(const Wrong& wrong, std::ostream* out) {
  *out << wrong.member;
}

class StudyMistake : public testing::TestWithParam<Wrong> {};

TEST_P(StudyMistake, IsTold) {
  const std::string text = "{\"name\": \"t\",\n" + std::string(GetParam().member) + "}";
  EXPECT_EQ(complaints(text), "table1.json:2:" + std::string(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Values,
    StudyMistake,
    testing::Values(
        Wrong{
            R"("kind": "trian")",
            R"(9: /kind: must be one of "train", "command", not "trian" (did you mean "train"?))"},
        Wrong{R"("kind": null)", R"(9: /kind: must be one of "train", "command", not null)"},
        Wrong{R"("method": 3)", R"(11: /method: must be one of "grid", "list", "random", not 3)"},
        Wrong{R"("seed": -1)",
              "9: /seed: must be a whole number from 0 to 9007199254740991, not -1"},
        Wrong{R"("seed": 1e300)",
              "9: /seed: must be a whole number from 0 to 9007199254740991, not 1e+300"},
        Wrong{R"("seeds": "five")",
              "10: /seeds: must be a number of seeds from 1 to 10000, or a list of them, not "
              "\"five\""},
        Wrong{R"("seeds": [1, 2, 1])", "17: /seeds/2: given twice"},
        Wrong{R"("seeds": [])",
              "10: /seeds: must be a number of seeds from 1 to 10000, or a list of them, not a "
              "list"},
        Wrong{R"("arm": "a\u0000b")", "8: /arm: must not contain a zero character"},
        Wrong{R"("notes": ["x"])", "10: /notes: must be a string, not a list"},
        Wrong{
            R"("checkpoint_every": 300)",
            R"(21: /checkpoint_every: must be a duration such as "90s", "10m", "8h" or "2d", not 300)"},
        Wrong{
            R"("checkpoint_every": "5 min")",
            R"(21: /checkpoint_every: must be a duration such as "90s", "10m", "8h" or "2d", not "5 min")"},
        Wrong{R"("checkpoint_every": "0s")",
              R"(21: /checkpoint_every: must be from 1s to 3650d, not "0s")"},
        Wrong{R"("resources": {"memory": "16GB"})",
              R"(25: /resources/memory: must be a size such as "512MiB" or "16GiB", not "16GB")"},
        Wrong{R"("resources": {"memory": "1KiB"})",
              R"(25: /resources/memory: must be at least 1MiB, not "1KiB")"},
        Wrong{
            R"("resources": {"trials_per_gpu": "many"})",
            R"(33: /resources/trials_per_gpu: must be a whole number from 1 to 64, or "auto", not "many")"},
        Wrong{R"("resources": [1])", "14: /resources: must be an object, not a list"},
        Wrong{R"("retry": {"max": true})",
              "18: /retry/max: must be a whole number from 0 to 1000, not true"},
        Wrong{R"("retry": {"a/b~c": 1})", "11: /retry/a~1b~0c: unknown key"},
        Wrong{R"("run_cap": 1.5)",
              "12: /run_cap: must be a whole number from 1 to 10000000, not 1.5"},
        Wrong{R"("command": "python3 train.py")",
              "12: /command: must be a list, not \"python3 train.py\""},
        Wrong{R"("dataset": {"shuffle_labels": 1})",
              "31: /dataset/shuffle_labels: must be true or false, not 1"},
        Wrong{R"("limits": {"stop_if": {"of_last": [20]}})",
              "35: /limits/stop_if/of_last: must be a number of trials and a share, such as [20, "
              "0.5]"},
        Wrong{R"("limits": {"stop_if": {"of_last": [20, 50]}})",
              "40: /limits/stop_if/of_last/1: must be a number from 0 to 1, not 50"},
        Wrong{R"("limits": {"rlimits": {"nofiles": 9}})",
              R"(24: /limits/rlimits/nofiles: unknown key (did you mean "nofile"?))"},
        Wrong{R"("limits": {"rlimits": {"as": 9}})",
              R"(30: /limits/rlimits/as: must be a size such as "512MiB" or "16GiB", not 9)"},
        Wrong{R"("limits": {"log_patterns": [{"pattern": "(", "class": "oom"}]})",
              R"(41: /limits/log_patterns/0/pattern: not a regular expression (ECMAScript): "(")"},
        Wrong{R"("limits": {"log_patterns": [{"pattern": "x"}]})",
              R"(29: /limits/log_patterns/0: missing key "class")"}));

INSTANTIATE_TEST_SUITE_P(
    Parameters,
    StudyMistake,
    testing::Values(
        Wrong{R"("parameters": {"dropout": 0.5})",
              R"(27: /parameters/dropout: must be an object, such as {"value": ...}, not 0.5)"},
        Wrong{
            R"("parameters": {"dropout": [0, 0.5]})",
            R"(27: /parameters/dropout: must be an object, such as {"values": [...]}, not a list)"},
        Wrong{
            R"("parameters": {"dropout": {}})",
            R"(27: /parameters/dropout: needs exactly one of "value", "values", "min" with "max", or "mu" with "sigma")"},
        Wrong{
            R"("parameters": {"dropout": {"value": 0, "values": [0]}})",
            R"(27: /parameters/dropout: needs exactly one of "value", "values", "min" with "max", or "mu" with "sigma")"},
        Wrong{R"("parameters": {"dropout": {"value": 0, "step": 2}})",
              "40: /parameters/dropout/step: unknown key"},
        Wrong{R"("parameters": {"dropout": {"vlaue": 0, "value": 0}})",
              R"(28: /parameters/dropout/vlaue: unknown key (did you mean "value"?))"},
        Wrong{R"("parameters": {"dropout": {"values": []}})",
              "38: /parameters/dropout/values: must not be empty"},
        Wrong{R"("parameters": {"dropout": {"values": [0, 0.0]}})",
              "42: /parameters/dropout/values/1: given twice"},
        Wrong{R"("parameters": {"model": {"values": [["conv"]]}})",
              "37: /parameters/model/values/0: must be a number, a string, true or false, not a "
              "list"},
        Wrong{R"("method": "random", "run_cap": 1, "parameters": {"dropout": {"min": 0.1}})",
              "61: /parameters/dropout: missing key \"max\""},
        Wrong{
            R"("method": "random", "run_cap": 1, "parameters": {"dropout": {"min": 0.5, "max": 0.1}})",
            "61: /parameters/dropout: \"min\" must be below \"max\""},
        Wrong{
            R"("method": "random", "run_cap": 1, "parameters": {"dropout": {"min": 0, "max": 0.5, "distribution": "log_uniform"}})",
            "61: /parameters/dropout: \"log_uniform\" needs a \"min\" above 0"},
        Wrong{
            R"("method": "random", "run_cap": 1, "parameters": {"dropout": {"min": 0, "max": 1}})",
            "79: /parameters/dropout/max: must be a number from 0 to 0.95, not 1"},
        Wrong{
            R"("method": "random", "run_cap": 1, "parameters": {"hidden": {"min": 8, "max": 99}})",
            "60: /parameters/hidden: takes whole numbers only: use the distribution "
            "\"int_uniform\""},
        Wrong{
            R"("method": "random", "run_cap": 1, "parameters": {"model": {"min": 8, "max": 99}})",
            "67: /parameters/model/min: must be one of \"rnn-spn\", \"ffn-spn\", \"conv\", not 8\n"
            "table1.json:2:77: /parameters/model/max: must be one of \"rnn-spn\", \"ffn-spn\", "
            "\"conv\", not 99"},
        Wrong{
            R"("method": "random", "run_cap": 1, "parameters": {"dropout": {"mu": 0.2, "sigma": 0, "distribution": "normal"}})",
            "61: /parameters/dropout: \"sigma\" must be above 0"},
        Wrong{
            R"("method": "random", "run_cap": 1, "parameters": {"dropout": {"min": 0, "max": 0.5, "distribution": "normla"}})",
            "100: /parameters/dropout/distribution: must be one of \"uniform\", \"log_uniform\", "
            "\"int_uniform\", \"normal\", not \"normla\" (did you mean \"normal\"?)"},
        Wrong{R"("parameters": {"dataset.tran": {"value": 10}})",
              "16: /parameters/dataset.tran: unknown key (did you mean \"dataset.train\"?)"},
        Wrong{R"("parameters": {"dataset.train": {"values": [10, 0]}})",
              "49: /parameters/dataset.train/values/1: must be a whole number from 1 to 10000000, "
              "not 0"},
        Wrong{R"("exclude": [{"droput": 0}])",
              "14: /exclude/0/droput: unknown key (did you mean \"dropout\"?)"},
        Wrong{R"("exclude": {"dropout": 0})", "12: /exclude: must be a list, not an object"},
        Wrong{R"("when": {"dropout": {"modle": ["conv"]}})",
              "22: /when/dropout/modle: unknown key (did you mean \"model\"?)"},
        Wrong{R"("when": {"dropout": {"model": "conv"}})",
              "31: /when/dropout/model: must be a list, not \"conv\""},
        Wrong{R"("when": {"dropout": {}})", "21: /when/dropout: must name at least one parameter"},
        Wrong{R"("table": {})", R"(10: /table: missing key "rows")"},
        Wrong{R"("table": {"rows": "model", "select": {}})",
              R"(38: /table/select: missing key "over")"},
        Wrong{R"("table": {"rows": "model", "published": [{"model": "conv"}]})",
              R"(42: /table/published/0: missing key "value")"},
        Wrong{R"("table": {"rows": "model", "claims": [{"below": [{"model": "conv"}]}]})",
              "49: /table/claims/0/below: must hold two cells: the first is below the second"},
        Wrong{R"("table": {"rows": "model", "claims": [{"best": {"model": "conv"}}]})",
              R"(39: /table/claims/0: missing key "among")"},
        Wrong{R"("table": {"rows": "model", "claims": [{}]})",
              R"(39: /table/claims/0: needs either "below" or "best" with "among")"}));

INSTANTIATE_TEST_SUITE_P(
    Whole,
    StudyMistake,
    testing::Values(
        Wrong{R"("metric": {"name": "test_error"})",
              "20: /metric/name: \"test_error\" is measured on the test split, which must not "
              "choose anything (use a validation metric, such as \"valid_error\")"},
        Wrong{R"("parameters": {"dropout": {"min": 0, "max": 0.5}})",
              "27: /parameters/dropout: a grid needs separate values (give \"values\", or use "
              "method \"random\")"},
        Wrong{
            R"("parameters": {"model": {"value": "conv"}}, "table": {"rows": "model", "published": [{"model": "rnn-spn", "value": 1}]})",
            "96: /table/published/0/model: the study has no such cell: model is never \"rnn-spn\""},
        Wrong{R"("dataset": {"file": "a.h5", "width": 100})",
              "29: /dataset/width: has no meaning beside an imported file"},
        Wrong{R"("dataset": {"digits": 4})",
              "12: /dataset/width: 4 digits of side 28 need a width of at least 112, not 100"}));

TEST(StudyErrors, ANameIsHarmlessInAPath) {
  for (const char* name : {"", ".", "..", "../x", "a/b", "-rf", ".hidden", "a b", "ä"}) {
    EXPECT_NE(complaints("{\"name\": \"" + std::string(name) + "\"}"), "") << name;
  }
  EXPECT_NE(complaints("{\"name\": \"" + std::string(65, 'a') + "\"}"), "");
  EXPECT_EQ(complaints("{\"name\": \"" + std::string(64, 'a') + "\"}"), "");
  EXPECT_EQ(complaints(R"({"name": "_a.B-9"})"), "");
  EXPECT_EQ(complaints(R"({"name": "a b"})"),
            "table1.json:1:10: /name: must be a name of 1 to 64 letters, digits, \".\", \"_\" or "
            "\"-\" that begins with a letter, digit or \"_\", not \"a b\"");
}

TEST(StudyErrors, AStudyIsAnObject) {
  EXPECT_EQ(complaints("[]"), "table1.json:1:1: a study is an object, not a list");
  EXPECT_EQ(complaints(""), "table1.json:1:1: the text is empty");
}

TEST(StudyErrors, WhatIsMissingIsToldWhereItBelongs) {
  EXPECT_EQ(complaints(R"({"name": "t", "kind": "command"})"),
            "table1.json:1:1: /command: a study of kind \"command\" needs a command");
}

TEST(StudyErrors, OneMistakeIsToldOnce) {
  // A table over a parameter that is spelt wrongly, and a list of points under a wrong method.
  EXPECT_EQ(complaints(R"({"name": "t", "method": "lst", "points": [{"model": "conv"}]})"),
            "table1.json:1:25: /method: must be one of \"grid\", \"list\", \"random\", not "
            "\"lst\" (did you mean \"list\"?)");
}

TEST(StudyErrors, OneMistakeHidesNoOther) {
  EXPECT_EQ(complaints(R"({"name": "t",
  "dataset": {"train": 0},
  "parameters": {
    "model": {"value": "con"},
    "epochs": {"min": 1, "max": 3, "distribution": "uniform"},
    "dropout": {"values": [0, 0.2]}
  },
  "exclude": [{}],
  "table": {"rows": "model", "metric": "accuracy", "select": {"over": ["dropout"], "seeds": 3}}
})"),
            "table1.json:2:24: /dataset/train: must be a whole number from 1 to 10000000, not 0\n"
            "table1.json:4:24: /parameters/model/value: must be one of \"rnn-spn\", \"ffn-spn\", "
            "\"conv\", not \"con\" (did you mean \"conv\"?)\n"
            "table1.json:5:15: /parameters/epochs: takes whole numbers only: use the distribution "
            "\"int_uniform\"\n"
            "table1.json:8:15: /exclude/0: excludes everything\n"
            "table1.json:9:40: /table/metric: unknown metric \"accuracy\" (there are train_loss, "
            "train_error, valid_error, test_error, valid_sequence_error, test_sequence_error, "
            "test_error_last)\n"
            "table1.json:9:93: /table/select/seeds: stage one needs 1 to 1 seeds, as many as the "
            "study has, not 3");
}

TEST(StudyErrors, WhatFollowsFromAMistakeIsNotToldAgain) {
  // A table that selects over a parameter which is spelt wrongly, and one without its rows.
  EXPECT_EQ(complaints(R"({"name": "t", "parameters": {"droput": {"values": [0, 0.2]}},
  "table": {"rows": "model", "select": {"over": ["dropout"]}}})"),
            "table1.json:1:30: /parameters/droput: unknown key (did you mean \"dropout\"?)");
  EXPECT_EQ(complaints(R"({"name": "t", "table": {"published": [{"model": "conv", "value": 1}],
  "margin": 1, "metric": "test_eror"}})"),
            "table1.json:1:24: /table: missing key \"rows\"\n"
            "table1.json:2:26: /table/metric: unknown metric \"test_eror\" (there are train_loss, "
            "train_error, valid_error, test_error, valid_sequence_error, test_sequence_error, "
            "test_error_last)");
}

}  // namespace
}  // namespace glimpse::experiments
