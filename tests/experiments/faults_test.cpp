#include "experiments/faults.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace glimpse::experiments {
namespace {

TEST(Faults, EveryClassHasItsRowAndItsName) {
  std::set<std::string_view> names;
  for (const FaultRow& row : fault_rows()) {
    EXPECT_EQ(&fault_row(row.fault), &row);
    EXPECT_EQ(find_fault(row.name), &row);
    EXPECT_FALSE(row.doc.empty());
    names.insert(row.name);
  }
  const std::set<std::string_view> expected{"oom",
                                            "host_oom",
                                            "cuda",
                                            "nccl",
                                            "timeout",
                                            "hung",
                                            "disk_full",
                                            "signal",
                                            "exit_code",
                                            "protocol",
                                            "bad_config",
                                            "bad_data"};
  EXPECT_EQ(names, expected);
  EXPECT_EQ(find_fault("out_of_memory"), nullptr);
}

TEST(Faults, BadInputIsNeverTriedAgain) {
  std::set<std::string_view> never;
  for (const FaultRow& row : fault_rows()) {
    if (row.retry == RetryRule::kNever) {
      never.insert(row.name);
    }
  }
  EXPECT_EQ(never, (std::set<std::string_view>{"protocol", "bad_config", "bad_data"}));
  EXPECT_EQ(fault_row(FaultClass::kOom).retry, RetryRule::kUnlessAlone);
}

TEST(Faults, ThreeClassesBlameTheNode) {
  std::set<std::string_view> node;
  for (const FaultRow& row : fault_rows()) {
    EXPECT_EQ(row.is_node_fault, row.retry == RetryRule::kElsewhere) << row.name;
    if (row.is_node_fault) {
      node.insert(row.name);
    }
  }
  EXPECT_EQ(node, (std::set<std::string_view>{"cuda", "nccl", "disk_full"}));
}

TEST(ExitCodes, AreDistinctAndDocumented) {
  std::set<int> codes;
  for (const ExitCodeRow& row : exit_code_rows()) {
    EXPECT_TRUE(codes.insert(static_cast<int>(row.code)).second) << row.name;
    EXPECT_FALSE(row.doc.empty());
  }
  const std::set<int> expected{0, 1, 2, 3, 4, 5, 7, 65, 66, 69, 70, 71, 73, 74, 75, 76, 78, 130};
  EXPECT_EQ(codes, expected);
}

TEST(ExitCodes, SayWhatEndedAnAttemptWithoutARecord) {
  EXPECT_EQ(fault_of_exit(0), std::nullopt);
  EXPECT_EQ(fault_of_exit(75), std::nullopt) << "interrupted and resumable";
  EXPECT_EQ(fault_of_exit(66), FaultClass::kBadData);
  EXPECT_EQ(fault_of_exit(74), FaultClass::kDiskFull);
  EXPECT_EQ(fault_of_exit(1), FaultClass::kExitCode);
  EXPECT_EQ(fault_of_exit(42), FaultClass::kExitCode);
  EXPECT_EQ(fault_of_exit(128 + 11), FaultClass::kSignal);
  for (const FaultRow& row : fault_rows()) {
    if (row.exit_code) {
      EXPECT_EQ(fault_of_exit(static_cast<int>(*row.exit_code)), row.fault) << row.name;
    }
  }
}

}  // namespace
}  // namespace glimpse::experiments
