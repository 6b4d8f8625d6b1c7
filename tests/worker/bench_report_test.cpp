#include "worker/bench_report.h"

#include <gtest/gtest.h>

#include "experiments/model_table.h"

namespace glimpse::worker {
namespace {

// 200 images a round; `theirs_s` are the processor seconds of the twin's two rounds.
std::vector<ModelBench> sample_models(double theirs_s) {
  ModelBench rnn{.parameters = experiments::resolve({{"model", "rnn-spn"}}),
                 .weights = 1678800,
                 .batch = 100,
                 .steps = 2,
                 .whole = {.wall_s = 0.5, .cpu_s = 0.4}};
  for (std::size_t i = 0; i < rnn.phases.size(); ++i) {
    rnn.phases.at(i) = {.wall_s = 0.04 * static_cast<double>(i), .cpu_s = 0.02};
  }
  ModelBench conv = rnn;
  conv.parameters = experiments::resolve({{"model", "conv"}});
  const std::vector<Spent> ours(2, {.wall_s = 1, .cpu_s = 0.4});
  const std::vector<Spent> theirs(2, {.wall_s = 1, .cpu_s = theirs_s});
  rnn.comparisons = {{.style = PeerStyle::kTwin, .rounds = {.ours = ours, .theirs = theirs}},
                     {.style = PeerStyle::kCompiled, .unavailable = "no compiler"}};
  conv.comparisons = {{.style = PeerStyle::kPlain, .rounds = {.ours = ours, .theirs = theirs}}};
  return {rnn, conv};
}

TEST(BenchReport, IsThreeTables) {
  EXPECT_EQ(render_bench(sample_models(0.5)),
            "model           batch    weights   ms/step  images/s  images/CPU s\n"
            "rnn-spn d=3       100    1678800     250.0     400.0         500.0\n"
            "conv              100    1678800     250.0     400.0         500.0\n"
            "\n"
            "model          phase            share        ms    CPU ms\n"
            "rnn-spn d=3    load batch        0.0 %      0.00     10.00\n"
            "rnn-spn d=3    forward          10.0 %     20.00     10.00\n"
            "rnn-spn d=3    loss, backward   20.0 %     40.00     10.00\n"
            "rnn-spn d=3    sums             30.0 %     60.00     10.00\n"
            "rnn-spn d=3    update           40.0 %     80.00     10.00\n"
            "conv           load batch        0.0 %      0.00     10.00\n"
            "conv           forward          10.0 %     20.00     10.00\n"
            "conv           loss, backward   20.0 %     40.00     10.00\n"
            "conv           sums             30.0 %     60.00     10.00\n"
            "conv           update           40.0 %     80.00     10.00\n"
            "\n"
            "images per CPU second, medians of rounds that take turns\n"
            "model          script        ours   theirs   ratio   spread           at least\n"
            "rnn-spn d=3    twin         500.0    400.0   1.250   1.250 to 1.250   1.00 holds\n"
            "rnn-spn d=3    compiled  not available: no compiler\n"
            "conv           plain        500.0    400.0   1.250   1.250 to 1.250   none\n");
}

TEST(BenchReport, NamesEveryBoundThatDoesNotHold) {
  EXPECT_TRUE(bench_misses(sample_models(0.4)).empty());
  const auto slower = sample_models(0.39);
  EXPECT_EQ(bench_misses(slower),
            std::vector<std::string>{
                "rnn-spn d=3 is 0.975 times as fast as the twin script, not 1.00 times"});
  EXPECT_NE(render_bench(slower).find("1.00 MISSED\n"), std::string::npos);
}

TEST(BenchReport, IsOneObjectForPrograms) {
  auto models = sample_models(0.5);
  models.pop_back();
  EXPECT_EQ(render_bench_json(models),
            R"({"version":1,"models":[{"parameters":)" +
                experiments::render_json(models[0].parameters) +
                R"(,"weights":1678800,"images":200,"steps":2,"seconds":0.5,"cpu_seconds":0.4,)"
                R"("phases":[{"name":"load batch","seconds":0,"cpu_seconds":0.02},)"
                R"({"name":"forward","seconds":0.04,"cpu_seconds":0.02},)"
                R"({"name":"loss, backward","seconds":0.08,"cpu_seconds":0.02},)"
                R"({"name":"sums","seconds":0.12,"cpu_seconds":0.02},)"
                R"({"name":"update","seconds":0.16,"cpu_seconds":0.02}],)"
                R"("comparisons":[{"script":"twin","ratio":1.25,"lowest":1.25,"highest":1.25,)"
                R"("least":1,"holds":true,)"
                R"("ours":[{"seconds":1,"cpu_seconds":0.4},{"seconds":1,"cpu_seconds":0.4}],)"
                R"("theirs":[{"seconds":1,"cpu_seconds":0.5},{"seconds":1,"cpu_seconds":0.5}]},)"
                R"({"script":"compiled","unavailable":"no compiler"}]}]})"
                "\n");
}

}  // namespace
}  // namespace glimpse::worker
