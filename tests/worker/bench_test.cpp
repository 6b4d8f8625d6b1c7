#include "worker/bench.h"

#include <csignal>

#include <gtest/gtest.h>

#include "experiments/model_table.h"
#include "tests/support/temp_dir.h"
#include "tests/worker/fake_engine.h"
#include "worker/arguments.h"
#include "worker/train_error.h"

namespace glimpse::worker {
namespace {

using experiments::Assignment;

std::vector<std::string> names_of(const std::vector<Assignment>& models) {
  std::vector<std::string> names;
  for (const Assignment& parameters : models) {
    names.push_back(bench_name(parameters));
  }
  return names;
}

TEST(BenchModels, AreThoseOfTable1) {
  EXPECT_EQ(names_of(bench_models(std::nullopt, std::nullopt)),
            (std::vector<std::string>{"rnn-spn d=3", "ffn-spn d=2", "conv"}));
  EXPECT_EQ(names_of(bench_models("conv,rnn-spn", std::nullopt)),
            (std::vector<std::string>{"conv", "rnn-spn d=3"}));
}

TEST(BenchModels, ComeFromATrialToo) {
  const tests::TempDir dir;
  tests::save_bytes(dir / "trial.json",
                    R"({"parameters": {"model": "rnn-spn", "downsample": 2.5}, "seed": 3})");
  EXPECT_EQ(names_of(bench_models(std::nullopt, (dir / "trial.json").string())),
            std::vector<std::string>{"rnn-spn d=2.5"});
}

TEST(BenchModels, RefuseWhatIsNone) {
  for (const char* const names : {"", "resnet", "conv,", ",conv"}) {
    EXPECT_THROW(static_cast<void>(bench_models(names, std::nullopt)), UsageError) << names;
  }
  EXPECT_THROW(static_cast<void>(bench_models("conv", "trial.json")), UsageError);
}

class Bench : public testing::Test {
 protected:
  Bench() { std::signal(SIGPIPE, SIG_IGN); }

  // One model, beside these lines of shell.
  std::vector<ModelBench> run(const std::string& text) {
    tests::save_bytes(dir_ / "script.sh", text);
    const Assignment parameters =
        experiments::resolve({{"model", "conv"}, {"batch_size", 4.0}, {"dropout", 0.5}});
    return bench({.models = {parameters},
                  .steps = 2,
                  .peer = PeerOptions{.script = dir_ / "script.sh", .python = "sh"}},
                 {.make =
                      [&](const Assignment& given, const MadeData& data) {
                        EXPECT_EQ(given, parameters);
                        EXPECT_EQ(data.spec().train % 4, 0);
                        EXPECT_EQ(data.splits()[0].images.size(), 10000U * 1000);
                        return std::make_unique<FakeEngine>();
                      },
                  .now = [this] { return Spent{.wall_s = ++now_s_, .cpu_s = now_s_}; },
                  .tell = [](const std::string&) {}});
  }

  tests::TempDir dir_;
  double now_s_ = 0;
};

TEST_F(Bench, MeasuresAModelAloneAndBesideEveryStyleOfScript) {
  const std::vector<ModelBench> models =
      run("[ \"$2\" = --compile ] && echo unavailable: no compiler && exit\n"
          "echo ready; while read word steps; do echo \"$steps 1\"; done");
  ASSERT_EQ(models.size(), 1U);
  EXPECT_EQ(models[0].whole.cpu_s, 1);
  ASSERT_EQ(models[0].comparisons.size(), 3U);
  EXPECT_GE(models[0].comparisons[0].rounds.ours.size(), 7U);
  EXPECT_EQ(speed_ratio(models[0].comparisons[1].rounds).median, 2);
  EXPECT_EQ(models[0].comparisons[2].unavailable, "no compiler");
}

TEST_F(Bench, AScriptThatIsUnavailableAsATwinIsAFailure) {
  EXPECT_THROW(static_cast<void>(run("echo unavailable: no torch")), TrainError);
}

TEST_F(Bench, AModelThatCannotReadTheImagesIsRefused) {
  const BenchOptions options{
      .models = {experiments::resolve({{"model", "ffn-spn"}, {"downsample", 6.0}})}};
  EXPECT_THROW(static_cast<void>(bench(options, {.make = {}, .now = {}, .tell = [](auto&) {}})),
               TrainError);
}

}  // namespace
}  // namespace glimpse::worker
