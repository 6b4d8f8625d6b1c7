#pragma once

// The numbered outbox of one attempt: a text file with one record per line,
//
//   {"n":7,"t_ms":1700000000000,"record":{...},"xxh3":"0123456789abcdef"}
//
// n counts from 1 without gaps. The hash covers everything before `,"xxh3"` and stands last with a
// fixed width, so a line is checked without a JSON parser, and a record comes out exactly as it
// went in. Nothing is flushed to disk: a record is safe against the death of the process once
// append() returns, and against that of the machine once the database has taken it.
//
// An attempt's journal has one writer for its life. A crash may leave the beginning of a line at
// the end, a torn tail, which readers report and leave out; it is never repaired, because the next
// attempt writes a journal of its own. Any other bytes there are damage. Writer and reader each
// belong to one thread; a reader may follow a journal that is still written.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "storage/files/file_io.h"

namespace glimpse::storage {

inline constexpr std::size_t kMaxRecordBytes = std::size_t{64} * 1024;

class JournalWriter {
 public:
  // Makes the file; one that exists is refused.
  explicit JournalWriter(const std::filesystem::path& path);

  // `record` is one JSON object on one line, at most kMaxRecordBytes long; it is not parsed.
  // Returns its number. After a failure (a full disk) the journal ends with the record before, and
  // the same record may be tried again.
  std::uint64_t append(std::int64_t t_ms, std::string_view record);

  void close();

 private:
  void write_line(std::string_view line);

  std::filesystem::path path_;
  FileDescriptor file_;
  std::uint64_t last_number_ = 0;
  std::uint64_t size_ = 0;
  bool has_torn_ = false;  // a failed append could not be taken back yet
};

struct JournalEntry {
  std::uint64_t number = 0;
  std::int64_t t_ms = 0;    // since 1970, by the clock of the agent's host
  std::string_view record;  // valid until the next call of next()
};

class JournalReader {
 public:
  explicit JournalReader(const std::filesystem::path& path);

  // The next record, or nothing at the end; asked again later, it goes on with what was added
  // meanwhile. Throws StorageError (kDamaged) with file and line at the first line that fails its
  // hash or number, and again whenever it is asked after that. Holds at most one line and a block.
  [[nodiscard]] std::optional<JournalEntry> next();

  [[nodiscard]] std::uint64_t last_number() const { return last_number_; }
  // After next() gave nothing: whether bytes follow that are no whole line.
  [[nodiscard]] bool has_torn_tail() const { return begin_ < buffer_.size(); }
  // A file cut off between two lines looks whole by itself. Whoever knows a number that was read
  // from it before finds out here, after the last next(); throws StorageError (kDamaged).
  void check_reaches(std::uint64_t number) const;

 private:
  [[nodiscard]] bool read_more();
  void check_tail() const;
  [[nodiscard]] JournalEntry parse_line(std::string_view line) const;
  [[noreturn]] void throw_damage(const std::string& why) const;

  std::filesystem::path path_;
  FileDescriptor file_;
  std::string buffer_;     // bytes read and not handed out yet begin at begin_
  std::size_t begin_ = 0;  // where the next line starts
  std::uint64_t last_number_ = 0;
};

}  // namespace glimpse::storage
