// Random schedules, every step of which is judged by the naive checker.

#include <algorithm>
#include <array>
#include <iostream>
#include <random>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "tests/launcher/schedule/schedule_checker.h"

namespace glimpse::tests {
namespace {

using namespace launcher;  // NOLINT(google-build-using-namespace): nearly every name is from there
using experiments::FaultClass;

// Reads decisions off a list of numbers, so that a failing schedule shrinks. At its end all are 0.
class Tape {
 public:
  explicit Tape(std::vector<std::uint32_t> numbers) : numbers_(std::move(numbers)) {}
  std::uint32_t below(std::uint32_t n) {
    return next_ < numbers_.size() ? numbers_[next_++] % n : 0;
  }
  bool one_in(std::uint32_t n) { return below(n) == n - 1; }
  [[nodiscard]] bool is_over() const { return next_ >= numbers_.size(); }

 private:
  std::vector<std::uint32_t> numbers_;
  std::size_t next_ = 0;
};

struct Seen {
  std::array<std::size_t, std::variant_size_v<ScheduleAction>> actions = {};
  std::size_t reservations = 0;  // decisions that left a node kept
};

class Play {
 public:
  explicit Play(std::vector<std::uint32_t> numbers) : tape_(std::move(numbers)) {}

  [[nodiscard]] const Seen& seen() const { return seen_; }

  // The first violation, or nothing.
  std::string run() {
    add_study();
    const std::uint32_t nodes = tape_.below(4);
    for (std::uint32_t i = 0; i < nodes; ++i) {
      join();
    }
    add_trials(1 + tape_.below(80));
    decide();
    while (!tape_.is_over() && checker_.violations().empty()) {
      step();
      decide();
    }
    finish();
    return checker_.violations().empty() ? "" : checker_.violations().front();
  }

 private:
  void say(const ScheduleEvent& event) {
    scheduler_.on(event, now_s_);
    checker_.on(event, now_s_);
  }
  void decide() {
    const auto actions = scheduler_.decide(now_s_);
    for (const ScheduleAction& action : actions) {
      ++seen_.actions.at(action.index());
    }
    seen_.reservations += scheduler_.reservation() ? 1 : 0;
    checker_.judge(actions, scheduler_, now_s_);
    RC_ASSERT(scheduler_.decide(now_s_).empty());  // it has said everything
  }
  void add_study() {
    StudyRules rules;
    rules.retry_max = static_cast<int>(tape_.below(4));
    rules.stop_if = {.first = 0, .of_last = 0};
    if (tape_.one_in(3)) {
      rules.stop_if = {.first = static_cast<int>(tape_.below(6)),
                       .of_last = static_cast<int>(tape_.below(10)),
                       .share = 0.25 * (1 + tape_.below(4))};
    }
    rules.takes_whole_configurations = tape_.one_in(2);
    if (tape_.one_in(3)) {
      rules.device_s = 20 + tape_.below(2000);
      rules.device_s_used = tape_.below(30);
    }
    if (tape_.one_in(3)) {
      rules.wall_time_s = 20 + tape_.below(400);
    }
    rules.lanes =
        tape_.one_in(3) ? std::nullopt : std::optional(1 + static_cast<int>(tape_.below(4)));
    say(AddStudy{rules});
  }
  void join() {
    say(NodeJoined{static_cast<NodeNumber>(checker_.nodes()),
                   {.slots = 1 + static_cast<int>(tape_.below(8)),
                    .memory_bytes = tape_.one_in(2) ? 4 + tape_.below(16) : 0}});
  }
  void add_trials(std::uint32_t count) {
    const auto study =
        static_cast<StudyNumber>(tape_.below(static_cast<std::uint32_t>(checker_.studies())));
    for (std::uint32_t i = 0; i < count && checker_.trials() < 200; ++i) {
      const std::uint32_t configuration = tape_.below(12);
      TrialDemand demand;
      demand.study = study;
      demand.configuration = configuration;
      demand.stage = 1 + static_cast<int>(tape_.below(2));
      demand.slots = configuration % 3 == 2 ? 1 + static_cast<int>(configuration) / 3 : 1;
      demand.memory_bytes = configuration % 4 == 1 ? configuration : 0;
      demand.expected_s = tape_.one_in(4) ? 0 : tape_.below(100);
      demand.shortest_s = configuration;
      demand.was_tried = tape_.one_in(6);
      demand.is_taken = tape_.one_in(10);
      demand.failures = static_cast<int>(tape_.below(2));
      say(AddTrial{demand});
    }
  }
  TrialNumber any_trial() { return tape_.below(static_cast<std::uint32_t>(checker_.trials())); }
  // Mostly one that runs; now and then any, whose end comes twice or too late.
  TrialNumber some_trial() {
    const auto running = checker_.running();
    return running.empty() || tape_.one_in(8)
               ? any_trial()
               : running[tape_.below(static_cast<std::uint32_t>(running.size()))];
  }
  void end_one() {
    const TrialNumber trial = some_trial();
    const auto kind = static_cast<EndKind>(tape_.below(5));
    const auto fault = static_cast<FaultClass>(tape_.below(12));
    say(AttemptEnded{trial, kind, fault});
    if (tape_.one_in(6)) {
      say(AttemptEnded{trial, kind, fault});
    }
  }
  void step() {
    now_s_ += tape_.below(12);
    switch (tape_.below(24)) {
      case 0:
        return add_trials(1 + tape_.below(12));
      case 1:
        return join();
      case 2:
        return say(CheckpointWritten{some_trial()});
      case 3:
        return say(Tick{});
      case 4:
        return tape_.one_in(3) ? add_study() : say(CheckpointWritten{some_trial()});
      case 5:
        return say(StopTrial{any_trial(), tape_.one_in(2)});
      case 6:
        return tape_.one_in(4)
                   ? say(StopStudy{tape_.below(static_cast<std::uint32_t>(checker_.studies())),
                                   tape_.one_in(2)})
                   : end_one();
      case 7:
        return tape_.one_in(24) ? say(StopAll{tape_.one_in(2)}) : end_one();
      case 8:
        return tape_.one_in(6) ? say(Deadline{now_s_ + tape_.below(900), 1.0 * tape_.below(40)})
                               : end_one();
      default:
        return end_one();
    }
  }
  // What runs ends well from here on, so the schedule comes to an end.
  void finish() {
    join();
    decide();
    for (int i = 0; i < 2000 && checker_.violations().empty(); ++i) {
      const auto running = checker_.running();
      if (running.empty()) {
        RC_ASSERT(scheduler_.is_over());
        return;
      }
      now_s_ += 3;
      say(AttemptEnded{running.front()});
      decide();
    }
    RC_ASSERT(!checker_.violations().empty());
  }

  Tape tape_;
  Scheduler scheduler_;
  ScheduleChecker checker_;
  double now_s_ = 0;
  Seen seen_;
};

// Longer than RapidCheck's, and none of the rules slept through.
TEST(ScheduleProperty, LongSchedulesKeepEveryRuleAndComeToEverything) {
  std::mt19937 random(1);
  Seen all;
  for (int i = 0; i < 300; ++i) {
    std::vector<std::uint32_t> numbers(2000);
    std::generate(numbers.begin(), numbers.end(), [&] { return random() % 5040; });
    Play play(numbers);
    ASSERT_EQ(play.run(), "") << "schedule " << i;
    for (std::size_t kind = 0; kind < all.actions.size(); ++kind) {
      all.actions.at(kind) += play.seen().actions.at(kind);
    }
    all.reservations += play.seen().reservations;
  }
  for (const std::size_t times : all.actions) {
    std::cout << times << " ";
    EXPECT_GT(times, 50U);
  }
  std::cout << "actions by kind, " << all.reservations << " decisions with a node kept\n";
  EXPECT_GT(all.reservations, 50U);
}

RC_GTEST_PROP(ScheduleProperty, KeepsEveryRuleAtEveryStep, ()) {
  const auto numbers = *rc::gen::scale(
      6, rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange<std::uint32_t>(0, 5040)));
  const std::string violation = Play(numbers).run();
  RC_ASSERT(violation == "");
}

}  // namespace
}  // namespace glimpse::tests
