#pragma once

// Journals for tests, and all their records at once.

#include <cstdint>
#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

#include "storage/files/journal.h"

namespace glimpse::tests {

using Record = std::tuple<std::uint64_t, std::int64_t, std::string>;

inline std::vector<Record> read_all(storage::JournalReader& reader) {
  std::vector<Record> records;
  while (const auto entry = reader.next()) {
    records.emplace_back(entry->number, entry->t_ms, std::string(entry->record));
  }
  return records;
}

inline std::vector<Record> read_all(const std::filesystem::path& path) {
  storage::JournalReader reader(path);
  return read_all(reader);
}

// Records of many lengths, so that lines end at all offsets within a page.
inline std::vector<Record> write_journal(const std::filesystem::path& path, std::size_t count) {
  std::vector<Record> records;
  storage::JournalWriter writer(path);
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t t_ms = 1700000000000 + static_cast<std::int64_t>(i);
    std::string record =
        "{\"epoch\":" + std::to_string(i) + ",\"text\":\"" + std::string(i * 37 % 300, 'x') + "\"}";
    const std::uint64_t number = writer.append(t_ms, record);
    records.emplace_back(number, t_ms, std::move(record));
  }
  writer.close();
  return records;
}

}  // namespace glimpse::tests
