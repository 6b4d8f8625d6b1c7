#include "launcher/children/child_environment.h"

#include <gtest/gtest.h>

namespace glimpse::launcher {
namespace {

using Variables = std::vector<std::string>;

TEST(ChildEnvironment, IsOursWhereNothingSpeaksAgainstIt) {
  const Variables ours{"HOME=/home/x", "EMPTY=", "WITH=a=b", "OMP_NUM_THREADS=2", "PATH=/bin"};
  EXPECT_EQ(child_environment(ours, {}), ours);
}

TEST(ChildEnvironment, SaysNothingOfOurRank) {
  const Variables ours{"OMPI_COMM_WORLD_RANK=1",
                       "OMPI_MCA_btl=tcp",
                       "PMIX_RANK=1",
                       "PMI_RANK=1",
                       "PRTE_MCA_x=1",
                       "SLURM_PROCID=1",
                       "SLURM_LOCALID=1",
                       "SLURM_NODEID=0",
                       "SLURM_TASK_PID=77",
                       "SLURM_STEPID=0",
                       "SLURM_STEP_ID=0",
                       "SLURM_STEP_NUM_TASKS=2",
                       "SLURM_SRUN_COMM_HOST=10.0.0.1",
                       "SLURM_CPU_BIND=quiet,mask_cpu:0x1",
                       "OMPI=mine",
                       "MY_PMIX_RANK=1"};
  EXPECT_EQ(child_environment(ours, {}), (Variables{"OMPI=mine", "MY_PMIX_RANK=1"}));
}

TEST(ChildEnvironment, KeepsWhatIsKnownOfTheWholeJob) {
  const Variables ours{"SLURM_JOB_ID=7", "SLURM_NTASKS=2", "SLURM_CPUS_PER_TASK=4"};
  EXPECT_EQ(child_environment(ours, {}), ours);
}

TEST(ChildEnvironment, ForgetsTheAttemptThatWeRunIn) {
  const Variables ours{"GLIMPSE_FD=4",
                       "GLIMPSE_RUN_ID=ab",
                       "GLIMPSE_RUN_DIR=/x",
                       "GLIMPSE_ATTEMPT=1",
                       "GLIMPSE_SEED=3",
                       "GLIMPSE_RESULTS=/r"};
  EXPECT_EQ(child_environment(ours, {}), Variables{"GLIMPSE_RESULTS=/r"});
}

TEST(ChildEnvironment, TakesWhatIsAddedInPlaceOfOurs) {
  const Variables ours{"A=1", "AB=2", "GLIMPSE_FD=4"};
  EXPECT_EQ(child_environment(ours, {"A=3", "GLIMPSE_FD=5"}),
            (Variables{"AB=2", "A=3", "GLIMPSE_FD=5"}));
}

}  // namespace
}  // namespace glimpse::launcher
