#include "experiments/json/study_json.h"

#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace glimpse::experiments {
namespace {

Study parsed(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return parse_study(text, "study.json", parse_overrides(overrides));
}

TEST(StudyJson, WhatIsLeftOutHasTheDefaultsOfTheStruct) {
  Study expected;
  expected.name = "t";
  expected.dataset.emplace();
  EXPECT_EQ(parsed(R"({"name": "t"})"), expected);
}

TEST(StudyJson, ACommandHasNoDatasetUnlessItAsksForOne) {
  EXPECT_FALSE(parsed(R"({"name": "t", "kind": "command", "command": ["true"]})").dataset);
  EXPECT_TRUE(
      parsed(R"({"name": "t", "kind": "command", "command": ["true"], "dataset": {}})").dataset);
}

TEST(StudyJson, EveryKeyArrivesInItsPlace) {
  const Study study = parsed(R"({
    "name": "all",
    "kind": "command",
    "command": ["python3", "train.py", "--lr={learning_rate}"],
    "code": ["train.py"],
    "report": "stdout",
    "dataset": {"source": "builtin", "seed": 7, "width": 72, "height": 80, "digits": 2,
                "digit_side": 24, "patches": 3, "slope": "paper", "clutter": "per_split",
                "train": 100, "valid": 20, "test": 30, "shuffle_labels": true},
    "method": "random",
    "seed": 9007199254740991,
    "seeds": [3, 1, 2],
    "arm": "b",
    "metric": {"name": "loss", "goal": "maximize"},
    "parameters": {
      "learning_rate": {"min": 1e-5, "max": 0.1, "distribution": "log_uniform"},
      "momentum": {"mu": 0.9, "sigma": 0.01, "distribution": "normal"},
      "layers": {"min": 1, "max": 9, "distribution": "int_uniform"},
      "width": {"min": 0.5, "max": 2},
      "mode": {"values": ["a", true, 3]},
      "size": {"value": 10}
    },
    "when": {"momentum": {"mode": ["a", 3]}},
    "exclude": [{"mode": "a", "size": 10}],
    "checkpoint_every": "90s",
    "run_cap": 12,
    "resources": {"gpus": 2, "cores": 3, "members": 4, "trials_per_gpu": "auto",
                  "memory": "16GiB"},
    "retry": {"max": 1},
    "limits": {"trial_time": "8h", "silence": "10m", "wall_time": "2d", "device_hours": 2.5,
               "stop_if": {"first": 2, "of_last": [10, 0.25]},
               "rlimits": {"nofile": 64, "as": "1GiB"},
               "log_patterns": [{"pattern": "out of memory", "class": "oom"}]},
    "table": {"metric": "loss", "rows": "mode", "columns": "size",
              "select": {"best": "loss", "over": ["layers"], "seeds": 2},
              "published": [{"mode": true, "value": -1.5}], "margin": 0.1,
              "claims": [{"below": [{"mode": "a"}, {"mode": 3}]},
                         {"best": {"mode": "a"}, "among": {}}]},
    "notes": "größer"
  })");
  Study expected;
  expected.name = "all";
  expected.kind = StudyKind::kCommand;
  expected.command = {"python3", "train.py", "--lr={learning_rate}"};
  expected.code_files = {"train.py"};
  expected.report = ReportVia::kStdout;
  expected.dataset = DatasetSpec{.source = DigitSourceKind::kBuiltin,
                                 .seed = 7,
                                 .width = 72,
                                 .height = 80,
                                 .digits = 2,
                                 .digit_side = 24,
                                 .patches = 3,
                                 .slope = SlopeRange::kPaper,
                                 .clutter = ClutterBank::kPerSplit,
                                 .train = 100,
                                 .valid = 20,
                                 .test = 30,
                                 .shuffle_labels = true};
  expected.method = Method::kRandom;
  expected.seed = 9007199254740991;
  expected.seeds = {3, 1, 2};
  expected.arm = "b";
  expected.metric = {"loss", Goal::kMaximize};
  expected.parameters = {{"layers", Range{Distribution::kIntUniform, 1, 9}},
                         {"learning_rate", Range{Distribution::kLogUniform, 1e-5, 0.1}},
                         {"mode", std::vector<Value>{"a", true, 3.0}},
                         {"momentum", Range{Distribution::kNormal, 0.9, 0.01}},
                         {"size", std::vector<Value>{10.0}},
                         {"width", Range{Distribution::kUniform, 0.5, 2}}};
  expected.when = {{"momentum", {{"mode", {"a", 3.0}}}}};
  expected.exclude = {{{"mode", "a"}, {"size", 10.0}}};
  expected.checkpoint_every_s = 90;
  expected.run_cap = 12;
  expected.resources = {.gpus = 2,
                        .cores = 3,
                        .members = 4,
                        .trials_per_gpu = std::nullopt,
                        .memory_bytes = std::uint64_t{16} << 30};
  expected.retry_max = 1;
  expected.limits.trial_time_s = 28800;
  expected.limits.silence_s = 600;
  expected.limits.wall_time_s = 172800;
  expected.limits.device_hours = 2.5;
  expected.limits.stop_if = {.first = 2, .of_last = 10, .share = 0.25};
  expected.limits.rlimits = {{"as", std::uint64_t{1} << 30}, {"nofile", 64}};
  expected.limits.log_patterns = {{"out of memory", "oom"}};
  expected.table = Table{.metric = "loss",
                         .rows = "mode",
                         .columns = "size",
                         .select = Selection{"loss", {"layers"}, 2},
                         .published = {{{{"mode", true}}, -1.5}},
                         .margin = 0.1,
                         .claims = {{Claim::Kind::kBelow, {{"mode", "a"}}, {{"mode", 3.0}}},
                                    {Claim::Kind::kBest, {{"mode", "a"}}, {}}}};
  expected.notes = "größer";
  EXPECT_EQ(study, expected);
  EXPECT_EQ(parsed(print_study(study)), study);
}

TEST(StudyJson, SeedsAreANumberOrAList) {
  EXPECT_EQ(parsed(R"({"name": "t", "seeds": 3})").seeds, (std::vector<std::uint64_t>{1, 2, 3}));
  EXPECT_EQ(parsed(R"({"name": "t", "seeds": [7]})").seeds, (std::vector<std::uint64_t>{7}));
}

TEST(StudyJson, PatchesFollowSmallDigits) {
  EXPECT_EQ(parsed(R"({"name": "t", "dataset": {"digit_side": 8}})").dataset->patch_side, 7);
  EXPECT_EQ(
      parsed(R"({"name": "t", "dataset": {"digit_side": 8, "patch_side": 3}})").dataset->patch_side,
      3);
}

TEST(StudyJson, IsPrintedWithItsDefaults) {
  EXPECT_EQ(print_study(parsed(R"({"name": "t", "seeds": [4, 2],
                                   "parameters": {"model": {"value": "conv"}}})")),
            R"({
  "name": "t",
  "kind": "train",
  "report": "fd",
  "dataset": {
    "recipe": "cluttered-sequences",
    "source": "mnist",
    "seed": 1234,
    "width": 100,
    "height": 100,
    "digits": 3,
    "digit_side": 28,
    "patches": 8,
    "patch_side": 9,
    "slope": "code",
    "clutter": "train_valid",
    "train": 60000,
    "valid": 10000,
    "test": 10000,
    "shuffle_labels": false
  },
  "method": "grid",
  "parameters": {"model": {"value": "conv"}},
  "seed": 1,
  "seeds": [4, 2],
  "metric": {"name": "valid_error", "goal": "minimize"},
  "checkpoint_every": "5m",
  "resources": {"gpus": 0, "cores": 1, "members": 1, "trials_per_gpu": 1},
  "retry": {"max": 3},
  "limits": {"stop_if": {"first": 5, "of_last": [20, 0.5]}}
}
)");
}

TEST(StudyJson, TheResolvedTextSaysWhereEveryValueCameFrom) {
  const ResolvedStudy resolved =
      resolve_study(R"({
  "name": "t",
  "dataset": {"train": 10,
              "valid": 20},
  "resources": {"gpus": 1},
  "parameters": {"model": {"value": "conv"},
    "dropout": {"value": 0.5}}
})",
                    "a/t.json",
                    parse_overrides(std::vector<std::string>{
                        "dropout=0,0.1", "resources.cores=2", "dataset.test=30", "seeds=2"}));
  const std::string text = print_resolved(resolved.study, resolved.origins);
  for (const char* line : {"  \"name\": \"t\",  // a/t.json:2\n",
                           "  \"kind\": \"train\",  // default\n",
                           "    \"train\": 10,  // a/t.json:3\n",
                           "    \"valid\": 20,  // a/t.json:4\n",
                           "    \"test\": 30,  // command line\n",
                           "    \"width\": 100,  // default\n",
                           "    \"dropout\": {\"values\": [0, 0.1]},  // command line\n",
                           "    \"model\": {\"value\": \"conv\"}  // a/t.json:6\n",
                           "  \"seeds\": 2,  // command line\n",
                           "    \"gpus\": 1,  // a/t.json:5\n",
                           "    \"cores\": 2,  // command line\n",
                           "    \"members\": 1,  // default\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
  EXPECT_EQ(parsed(text), resolved.study);
}

TEST(StudyJson, IsReadInTwoMilliseconds) {
  const std::string text = print_study(parsed(R"({"name": "t"})"));
  parsed(text);
  const auto start = std::chrono::steady_clock::now();
  parsed(text);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  EXPECT_LT(took.count(), 0.02) << "ten times the target";
}

}  // namespace
}  // namespace glimpse::experiments
