// `glimpse-worker bench` with a small network, alone and beside scripts of shell that answer what a
// test wants.

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/integration/glimpse_runner.h"
#include "tests/integration/json_value.h"

namespace glimpse::tests {
namespace {

constexpr const char* kTrial = R"({"parameters": {"model": "rnn-spn", "batch_size": 4,
  "filters": 2, "dense": 8, "hidden": 6, "localisation_filters": 2, "dropout": 0.3}})";

class WorkerBench : public testing::Test {
 protected:
  WorkerBench() { save_bytes(runner_.folder() / "small.json", kTrial); }

  RunResult bench(std::vector<std::string> more) {
    more.insert(more.begin(), {GLIMPSE_WORKER, "bench"});
    return runner_.run_program(more);
  }
  // Beside these lines of shell.
  RunResult compare(const std::string& text, std::vector<std::string> more = {}) {
    save_bytes(runner_.folder() / "script.sh", text);
    more.insert(more.begin(),
                {"small.json", "--steps", "1", "--compare", "script.sh", "--python", "sh"});
    return bench(more);
  }

  GlimpseRunner runner_;
};

std::string answering(const std::string& seconds) {
  return "echo ready; while read word steps; do echo " + seconds + "; done";
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(WorkerBench, PrintsAStepAndItsPhases) {
  const RunResult result = bench({"small.json", "--steps", "2"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.err, "rnn-spn d=3\n");
  EXPECT_TRUE(has(result.out, "model           batch    weights   ms/step")) << result.out;
  for (const char* const phase : {"load batch", "forward", "loss, backward", "sums", "update"}) {
    EXPECT_TRUE(has(result.out, std::string("rnn-spn d=3    ") + phase)) << result.out;
  }
  EXPECT_FALSE(has(result.out, "script"));
}

TEST_F(WorkerBench, SaysThePhasesToProgramsAsPartsOfTheirStep) {
  const RunResult result = bench({"small.json", "--steps", "5", "--json"});
  ASSERT_EQ(result.status, 0) << result.err;
  const JsonValue json(result.out);
  EXPECT_EQ(json.number("/models/0/images"), 20);
  EXPECT_EQ(json.text("/models/0/parameters/model"), "rnn-spn");
  double phases = 0;
  for (int phase = 0; phase < 5; ++phase) {
    const double seconds =
        json.number("/models/0/phases/" + std::to_string(phase) + "/cpu_seconds");
    EXPECT_GT(seconds, 0);
    phases += seconds;
  }
  // Other steps than those of the whole, on a machine that others use, too.
  EXPECT_GT(phases, json.number("/models/0/cpu_seconds") / 10);
  EXPECT_LT(phases, json.number("/models/0/cpu_seconds") * 10);
}

TEST_F(WorkerBench, BesideASlowScriptEveryBoundHolds) {
  const RunResult result = compare(answering("1000 1000"));
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(has(result.out, "1.00 holds\n")) << result.out;
  EXPECT_TRUE(has(result.out, "1.15 holds\n")) << result.out;
  EXPECT_TRUE(has(result.out, "rnn-spn d=3    compiled")) << result.out;
}

TEST_F(WorkerBench, BesideAFastScriptItSaysWhichBoundsAreMissed) {
  const RunResult result = compare(answering("1e-9 1e-9"));
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(has(result.out, "1.00 MISSED\n")) << result.out;
  EXPECT_TRUE(has(result.err, "times as fast as the twin script, not 1.00 times\n")) << result.err;
  EXPECT_TRUE(has(result.err, "times as fast as the plain script, not 1.15 times\n")) << result.err;
  EXPECT_FALSE(has(result.err, "compiled script, not"));
}

TEST_F(WorkerBench, TheScriptStaysOnOneCoreAsWeDo) {
  const RunResult result =
      compare("grep Cpus_allowed_list /proc/self/status > cores\n" + answering("1000 1000"));
  EXPECT_EQ(result.status, 0) << result.err;
  const std::string cores = load_bytes(runner_.folder() / "cores");
  EXPECT_TRUE(has(cores, "Cpus_allowed_list:"));
  EXPECT_EQ(cores.find_first_of("-,"), std::string::npos) << cores;
}

TEST_F(WorkerBench, WhatCannotBeCompiledIsSaidInTheTable) {
  const RunResult result = compare(
      "[ \"$2\" = --compile ] && echo unavailable: no compiler && exit\n" + answering("1000 1000"));
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(has(result.out, "rnn-spn d=3    compiled  not available: no compiler\n"))
      << result.out;
}

struct Mistake {
  std::string script;
  int status = 0;
  std::string said;
};

TEST_F(WorkerBench, AScriptThatFailsIsOneLineAndACode) {
  const std::vector<Mistake> mistakes = {
      {"echo no torch >&2; exit 1", 1, "sh ended with code 1: no torch"},
      {"echo ready; read line; kill -9 $$", 1, "sh ended with signal 9"},
      {"echo unavailable: no torch", 1, "not available: no torch"},
      {"echo hello", 76, "it said 'hello' where \"ready\" was due"},
      {answering("much"), 76, "it said 'much' where two numbers of seconds were due"},
      {"exec sleep 600", 1, "it was silent for 1s where \"ready\" was due"},
      {"echo ready; exec sleep 600", 1, "it was silent for 1s where an answer was due"}};
  for (const Mistake& mistake : mistakes) {
    const RunResult result = compare(mistake.script, {"--patience", "1s"});
    EXPECT_EQ(result.status, mistake.status) << mistake.script;
    EXPECT_EQ(result.out, "");
    const std::size_t error = result.err.find("glimpse-worker: error: compare with script.sh: ");
    ASSERT_NE(error, std::string::npos) << result.err;
    EXPECT_TRUE(has(result.err.substr(error), mistake.said)) << result.err;
    EXPECT_EQ(
        std::count(result.err.begin() + static_cast<std::ptrdiff_t>(error), result.err.end(), '\n'),
        1)
        << result.err;
  }
}

TEST_F(WorkerBench, BadInputIsOneLineAndACode) {
  const RunResult script = bench({"small.json", "--compare", "none.py"});
  EXPECT_EQ(script.status, 66);
  EXPECT_TRUE(has(script.err, "compare with none.py: there is no such file\n")) << script.err;
  const RunResult trial = bench({"none.json"});
  EXPECT_EQ(trial.status, 66);
  EXPECT_TRUE(has(trial.err, "none.json")) << trial.err;
  save_bytes(runner_.folder() / "tiny.json",
             R"({"parameters": {"model": "ffn-spn", "downsample": 6}})");
  EXPECT_EQ(bench({"tiny.json"}).status, 78);
  EXPECT_EQ(bench({"small.json", "--device", "cuda:9"}).status, 69);
}

TEST_F(WorkerBench, WhatCannotBeUnderstoodIsAnsweredWithTheUsage) {
  for (const std::vector<std::string>& more : std::vector<std::vector<std::string>>{
           {"--model", "resnet"},
           {"small.json", "--model", "conv"},
           {"--steps", "0"},
           {"--patience", "10"},
           {"small.json", "more.json"},
           {"small.json", "--threads", "2", "--compare", "script.sh"}}) {
    const RunResult result = bench(more);
    EXPECT_EQ(result.status, 2) << result.err;
    EXPECT_TRUE(has(result.err, "glimpse-worker bench [TRIAL.json]"));
  }
}

}  // namespace
}  // namespace glimpse::tests
