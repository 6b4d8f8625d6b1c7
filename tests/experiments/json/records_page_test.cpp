// RECORDS.md is what people write programs by: its examples and names are those of the code.

#include "tests/experiments/json/records_page.h"

#include <set>
#include <string>
#include <variant>

#include <gtest/gtest.h>

#include "experiments/faults.h"
#include "experiments/json/record_json.h"

namespace glimpse::experiments {
namespace {

TEST(RecordsPage, ShowsEachRecordAsItIsWritten) {
  std::set<std::size_t> types;
  for (const std::string& line : tests::example_records()) {
    const Record record = parse_record(line);
    EXPECT_EQ(render_record(record), line);
    types.insert(record.body.index());
  }
  EXPECT_EQ(types.size(), std::variant_size_v<RecordBody>);
}

TEST(RecordsPage, ShowsEachCommandAsItIsWritten) {
  std::set<std::size_t> types;
  for (const std::string& line : tests::example_commands()) {
    const Command command = parse_command(line);
    EXPECT_EQ(render_command(command), line);
    types.insert(command.index());
  }
  EXPECT_EQ(types.size(), std::variant_size_v<Command>);
}

TEST(RecordsPage, ShowsTheLeastThatACommandNeeds) {
  const AttemptName attempt{.run = std::string(32, '0')};
  EXPECT_EQ(parse_user_record(tests::shortest_example(), attempt),
            (Record{attempt, EpochRecord{.epoch = 3, .metrics = {{"loss", 0.2}}}}));
}

TEST(RecordsPage, NamesEveryClassOfFailure) {
  std::string classes;
  for (const FaultRow& row : fault_rows()) {
    const bool is_last = row.fault == fault_rows().back().fault;
    classes += (classes.empty() ? ""
                : is_last       ? " or "
                                : ", ") +
               ('`' + std::string(row.name)) + '`';
  }
  EXPECT_NE(tests::records_page().find("`class`: " + classes), std::string::npos) << classes;
}

}  // namespace
}  // namespace glimpse::experiments
