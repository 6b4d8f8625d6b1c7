#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/files/journal.h"
#include "tests/storage/files/fault_children.h"
#include "tests/support/child.h"
#include "tests/support/io_fault.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;
using storage::StorageFault;

constexpr std::uint64_t kRecords = 20;

struct Content {
  std::uint64_t records = 0;
  bool is_torn = false;
};

// Throws when any line is damaged.
Content read_journal(const fs::path& folder) {
  storage::JournalReader reader(folder / "journal.jsonl");
  while (reader.next().has_value()) {
  }
  return {reader.last_number(), reader.has_torn_tail()};
}

FaultCampaign append_records(const std::string& action, const std::string& child) {
  FaultCampaign campaign;
  campaign.action = action;
  campaign.command = [child](const fs::path& folder) {
    return child_command({child, (folder / "journal.jsonl").string()});
  };
  return campaign;
}

TEST(JournalFault, FullDiskAtEachWriteKeepsTheRecordsBefore) {
  for (const std::string action : {"ENOSPC", "fill"}) {
    FaultCampaign campaign = append_records(action, "journal");
    campaign.operations = "write";
    std::uint64_t at = 0;
    campaign.judge = [&](const fs::path& folder, const ChildResult& result) {
      EXPECT_EQ(result.exit_code, exit_code_of(StorageFault::kDiskFull)) << result.output;
      const Content content = read_journal(folder);
      EXPECT_EQ(content.records, at++);
      EXPECT_FALSE(content.is_torn);
    };
    EXPECT_EQ(fail_every_operation(campaign), kRecords);
  }
}

TEST(JournalFault, LostWriteReportedAtCloseIsAnError) {
  FaultCampaign campaign = append_records("EDQUOT", "journal");
  campaign.operations = "close";
  campaign.judge = [](const fs::path&, const ChildResult& result) {
    EXPECT_EQ(result.exit_code, exit_code_of(StorageFault::kDiskFull)) << result.output;
  };
  EXPECT_EQ(fail_every_operation(campaign), 1U);
}

TEST(JournalFault, GoesOnWhenThereIsRoomAgain) {
  FaultCampaign campaign = append_records("ENOSPC", "patient-journal");
  campaign.operations = "write";
  campaign.judge = [](const fs::path& folder, const ChildResult& result) {
    EXPECT_EQ(result.exit_code, 0) << result.output;
    EXPECT_EQ(read_journal(folder).records, kRecords);
  };
  EXPECT_EQ(fail_every_operation(campaign), kRecords);
}

TEST(JournalFault, KillAtEachWriteTearsTheTailAtMost) {
  for (const std::string action : {"kill", "tear"}) {
    FaultCampaign campaign = append_records(action, "journal");
    campaign.operations = "write";
    std::uint64_t at = 0;
    campaign.judge = [&](const fs::path& folder, const ChildResult& result) {
      EXPECT_EQ(result.signal, SIGKILL);
      const Content content = read_journal(folder);
      EXPECT_EQ(content.records, at++);
      EXPECT_EQ(content.is_torn, action == "tear");
    };
    EXPECT_EQ(fail_every_operation(campaign), kRecords);
  }
}

}  // namespace

void append_to_journal(const std::string& path, bool is_patient) {
  storage::JournalWriter writer(path);
  for (std::uint64_t i = 0; i < kRecords; ++i) {
    const std::string record = "{\"epoch\":" + std::to_string(i) + "}";
    try {
      writer.append(1, record);
    } catch (const storage::StorageError&) {
      if (!is_patient) {
        throw;
      }
      writer.append(2, record);
    }
  }
  writer.close();
}

}  // namespace glimpse::tests
