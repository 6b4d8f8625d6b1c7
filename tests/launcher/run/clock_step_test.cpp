// A wall clock that is set while a sweep runs. It is for people: limits go by the other clock, and
// the order of attempts by their numbers.

#include <chrono>
#include <cstdint>
#include <fstream>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "launcher/run/agent.h"
#include "launcher/run/coordinator.h"
#include "launcher/study_source.h"
#include "launcher/transport/loopback.h"
#include "storage/sqlite/results_store.h"
#include "tests/launcher/run/fake_children.h"
#include "tests/support/temp_dir.h"

namespace glimpse::launcher {
namespace {

constexpr std::int64_t kHour_ms = 3'600'000;

class ClockStep : public testing::TestWithParam<std::int64_t> {
 protected:
  ClockStep() {
    settings_.results.value = results_.root();
    const auto file = dir_ / "study.json";
    std::ofstream(file) << R"({
        "name": "tiny", "kind": "command", "command": ["train"], "metric": {"name": "loss"},
        "parameters": {"x": {"value": 1}}, "retry": {"max": 3},
        "limits": {"silence": "60s", "trial_time": "600s"}})";
    study_.emplace(load_study(file, {}, settings_), settings_, database_);
    coordinator_.add(*study_);
    coordinator_.take(0, JoinMessage{.host = "here", .slots = 1, .memory_bytes = 1U << 30U});
  }

  // What is queued refers to the coordinator.
  ~ClockStep() override { coordinator_.finish(); }

  void step() {
    coordinator_.step();
    while (auto received = transport_.try_receive()) {
      if (const auto* const start = std::get_if<StartMessage>(&received->message)) {
        agent_.take(*start);
      } else if (const auto* const record = std::get_if<RecordMessage>(&received->message)) {
        coordinator_.take(0, *record);
      }
    }
    agent_.step(std::chrono::milliseconds(0), -1);
  }
  // The database has a thread of its own.
  [[nodiscard]] bool wait_for_child(std::size_t count) {
    for (int i = 0; i < 1000 && children_.count() < count; ++i) {
      step();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return children_.count() == count;
  }
  void let_pass(double seconds) {
    now_s_ += seconds;
    clock_ms_ += static_cast<std::int64_t>(seconds * 1000);
    step();
    step();
  }
  [[nodiscard]] std::vector<storage::AttemptFacts> attempts() {
    coordinator_.finish();
    return database_
        .submit([](storage::ResultsStore& store) {
          const auto study = store.reader().find_study("tiny");
          return store.reader().attempts(store.reader().trials(study->study).at(0).trial);
        })
        .get();
  }

  tests::TempDir dir_;
  storage::ResultsFolder results_{dir_ / "results"};
  Settings settings_;
  std::int64_t clock_ms_ = 1'700'000'000'000;
  double now_s_ = 1000;
  storage::DatabaseThread database_{
      (std::filesystem::create_directory(results_.root()), results_.database())};
  Loopback transport_;
  tests::FakeChildren children_;
  std::optional<StudyRun> study_;
  Coordinator coordinator_{database_,
                           transport_,
                           {.clock_ms = [this] { return clock_ms_; },
                            .now_s = [this] { return now_s_; },
                            .publish = [] {},
                            .tell = [](const std::string&) {},
                            .warn = [](const std::string&) {}}};
  Agent agent_{{.folder = results_, .cores = {}, .worker = "", .environment = {}},
               children_,
               {.send = [this](Message message) { transport_.send(0, std::move(message)); },
                .clock_ms = [this] { return clock_ms_; },
                .now_s = [this] { return now_s_; }}};
};

TEST_P(ClockStep, EndsNoTrialAndKeepsTheOrderOfAttempts) {
  ASSERT_TRUE(wait_for_child(1));
  let_pass(30);
  clock_ms_ += GetParam();
  let_pass(20);
  EXPECT_FALSE(children_.child(1).was_killed);

  children_.end(1, 1);  // fails, and is tried again
  ASSERT_TRUE(wait_for_child(2));
  clock_ms_ -= GetParam();
  let_pass(50);
  EXPECT_FALSE(children_.child(2).was_killed);
  let_pass(11);
  EXPECT_TRUE(children_.child(2).was_killed) << "a minute of silence is one by the other clock";

  ASSERT_TRUE(wait_for_child(3));
  children_.end(3, 0);
  for (int i = 0; i < 1000 && !coordinator_.is_over(); ++i) {
    step();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  const auto attempts = this->attempts();
  ASSERT_EQ(attempts.size(), 3U);
  EXPECT_EQ(attempts[0].fault_class, "exit_code");
  EXPECT_EQ(attempts[1].fault_class, "hung");
  EXPECT_EQ(attempts[2].state, storage::AttemptState::kFinished);
  for (std::size_t i = 1; i < attempts.size(); ++i) {
    EXPECT_EQ(attempts[i].number, attempts[i - 1].number + 1);
    EXPECT_GT(attempts[i].started_ms, attempts[i - 1].started_ms);
  }
}

INSTANTIATE_TEST_SUITE_P(ByAnHour, ClockStep, testing::Values(kHour_ms, -kHour_ms));

}  // namespace
}  // namespace glimpse::launcher
