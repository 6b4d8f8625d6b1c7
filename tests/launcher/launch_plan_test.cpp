#include "launcher/launch_plan.h"

#include <string>

#include <gtest/gtest.h>

#include "launcher/transport/launch_error.h"

namespace glimpse::launcher {
namespace {

constexpr bool kKnowsMpi = true;
constexpr bool kKnowsNone = false;

TEST(LaunchPlan, AProcessIsAloneUnlessALauncherSaysOtherwise) {
  EXPECT_EQ(ranks_started({}), 1);
  EXPECT_EQ(ranks_started({.slurm_tasks = "1"}), 1);
  EXPECT_EQ(ranks_started({.ompi_size = "4"}), 4);
  EXPECT_EQ(ranks_started({.pmi_size = "3"}), 3);
  EXPECT_EQ(ranks_started({.slurm_tasks = "2"}), 2);
  // As mpirun inside a step of one task has it.
  EXPECT_EQ(ranks_started({.ompi_size = "4", .slurm_tasks = "1"}), 4);
}

TEST(LaunchPlan, WhatIsNoNumberSaysNothing) {
  for (const char* const text : {"x", "-2", "0", "4x", "99999999999999999999", " 4"}) {
    EXPECT_EQ(ranks_started({.ompi_size = text}), 1) << text;
  }
}

TEST(LaunchPlan, AloneNothingChanges) {
  EXPECT_EQ(plan_launch("run", {}, kKnowsNone), LaunchPlan::kStay);
}

TEST(LaunchPlan, OneOfSeveralRanksBecomesGlimpseMpi) {
  EXPECT_EQ(plan_launch("run", {.ompi_size = "2"}, kKnowsNone), LaunchPlan::kBecomeMpi);
  EXPECT_EQ(plan_launch("reproduce", {.slurm_tasks = "2"}, kKnowsNone), LaunchPlan::kBecomeMpi);
}

TEST(LaunchPlan, OtherVerbsNeverDo) {
  for (const char* const verb : {"plan", "status", "query", "version", "dataset"}) {
    EXPECT_EQ(plan_launch(verb, {.ompi_size = "2"}, kKnowsNone), LaunchPlan::kStay) << verb;
  }
}

TEST(LaunchPlan, GlimpseMpiIsItAlready) {
  EXPECT_EQ(plan_launch("run", {.ompi_size = "2", .was_reexecuted = true}, kKnowsMpi),
            LaunchPlan::kStay);
}

TEST(LaunchPlan, AGlimpseMpiWithoutMpiDoesNotTryForEver) {
  try {
    plan_launch("run", {.ompi_size = "2", .was_reexecuted = true}, kKnowsNone);
    FAIL() << "was planned";
  } catch (const LaunchError& error) {
    EXPECT_EQ(error.code(), experiments::ExitCode::kUnavailable);
    EXPECT_EQ(std::string(error.what()),
              "started as one of 2 ranks, but what is called glimpse-mpi knows no MPI (install "
              "Glimpse again)");
  }
}

TEST(LaunchPlan, AMissingGlimpseMpiIsNamedWithItsFix) {
  try {
    become_mpi_program("/nowhere", {"run"}, {.ompi_size = "2"});
    FAIL() << "returned";
  } catch (const LaunchError& error) {
    EXPECT_EQ(error.code(), experiments::ExitCode::kUnavailable);
    EXPECT_EQ(std::string(error.what()),
              "started as one of 2 ranks, but cannot start /nowhere/glimpse-mpi: No such file or "
              "directory (this build has no MPI: apt-get install libopenmpi-dev openmpi-bin, then "
              "build it again)");
  }
}

}  // namespace
}  // namespace glimpse::launcher
