#include "storage/files/journal.h"

#include <charconv>
#include <span>

#include <fcntl.h>
#include <unistd.h>

#include "storage/files/xxh3.h"

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBeforeNumber = "{\"n\":";
constexpr std::string_view kBeforeTime = ",\"t_ms\":";
constexpr std::string_view kBeforeRecord = ",\"record\":";
constexpr std::string_view kBeforeHash = ",\"xxh3\":\"";
constexpr std::string_view kAfterHash = "\"}";
constexpr std::size_t kHashDigits = 16;
constexpr std::size_t kEndBytes = kBeforeHash.size() + kHashDigits + kAfterHash.size();
// The fixed texts, two numbers of at most 20 digits, and the record.
constexpr std::size_t kMaxLineBytes = kMaxRecordBytes + 128;
constexpr std::size_t kBlockBytes = std::size_t{64} * 1024;

std::string render_line(std::uint64_t number, std::int64_t t_ms, std::string_view record) {
  std::string line;
  line.reserve(record.size() + 128);
  line += kBeforeNumber;
  line += std::to_string(number);
  line += kBeforeTime;
  line += std::to_string(t_ms);
  line += kBeforeRecord;
  line += record;
  const std::uint64_t hash = xxh3(line);
  line += kBeforeHash;
  line += render_hash(hash);
  line += kAfterHash;
  line += '\n';
  return line;
}

// Takes `prefix` off the front of `text` if it stands there.
bool skip(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

template <typename Integer>
bool skip_number(std::string_view& text, Integer& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return error == std::errc();
}

bool has_valid_hash(std::string_view line) {
  if (line.size() < kEndBytes) {
    return false;
  }
  const std::string_view covered = line.substr(0, line.size() - kEndBytes);
  std::string_view end = line.substr(covered.size());
  if (!skip(end, kBeforeHash) || !end.ends_with(kAfterHash)) {
    return false;
  }
  return try_parse_hash(end.substr(0, kHashDigits)) == xxh3(covered);
}

void check_record(const fs::path& path, std::int64_t t_ms, std::string_view record) {
  const auto refuse = [&](const std::string& why) {
    throw StorageError(
        StorageFault::kRefused, path, "append to journal " + path.string() + ": " + why);
  };
  if (t_ms < 0) {
    refuse("a time before 1970");
  }
  if (record.empty() || record.find('\n') != std::string_view::npos) {
    refuse("a record must be one line of text");
  }
  if (record.size() > kMaxRecordBytes) {
    refuse("a record of " + std::to_string(record.size()) + " bytes; at most " +
           std::to_string(kMaxRecordBytes) + " are allowed");
  }
}

}  // namespace

JournalWriter::JournalWriter(const fs::path& path)
    : path_(path), file_(open_file(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND)) {}

std::uint64_t JournalWriter::append(std::int64_t t_ms, std::string_view record) {
  check_record(path_, t_ms, record);
  write_line(render_line(last_number_ + 1, t_ms, record));
  return ++last_number_;
}

void JournalWriter::write_line(std::string_view line) {
  if (has_torn_) {
    truncate_file(file_, size_, path_);
    has_torn_ = false;
  }
  has_torn_ = true;
  try {
    write_all(file_, std::as_bytes(std::span(line)), path_);
  } catch (const StorageError&) {
    // The part that did fit is taken back, so that the file ends with a whole line at once. Should
    // even that fail, the next append tries it first.
    has_torn_ = ::ftruncate(file_.get(), static_cast<off_t>(size_)) != 0;
    throw;
  }
  has_torn_ = false;
  size_ += line.size();
}

void JournalWriter::close() {
  file_.close(path_);
}

JournalReader::JournalReader(const fs::path& path) : path_(path), file_(open_plain_file(path)) {}

std::optional<JournalEntry> JournalReader::next() {
  std::size_t searched = begin_;
  while (true) {
    const std::size_t newline = buffer_.find('\n', searched);
    if (newline != std::string::npos) {
      const JournalEntry entry =
          parse_line(std::string_view(buffer_).substr(begin_, newline - begin_));
      begin_ = newline + 1;
      last_number_ = entry.number;
      return entry;
    }
    if (buffer_.size() - begin_ > kMaxLineBytes) {
      throw_damage("longer than any record");
    }
    searched = buffer_.size() - begin_;  // read_more moves the line to the front
    if (!read_more()) {
      check_tail();
      return std::nullopt;
    }
  }
}

bool JournalReader::read_more() {
  buffer_.erase(0, begin_);
  begin_ = 0;
  const std::size_t old_size = buffer_.size();
  buffer_.resize(old_size + kBlockBytes);
  const std::size_t count =
      read_some(file_, std::as_writable_bytes(std::span(buffer_)).subspan(old_size), path_);
  buffer_.resize(old_size + count);
  return count > 0;
}

JournalEntry JournalReader::parse_line(std::string_view line) const {
  if (!has_valid_hash(line)) {
    throw_damage("its hash does not match");
  }
  line.remove_suffix(kEndBytes);
  JournalEntry entry;
  if (!skip(line, kBeforeNumber) || !skip_number(line, entry.number) || !skip(line, kBeforeTime) ||
      !skip_number(line, entry.t_ms) || !skip(line, kBeforeRecord)) {
    throw_damage("not a journal line");
  }
  if (entry.number != last_number_ + 1) {
    throw_damage("numbered " + std::to_string(entry.number));
  }
  entry.record = line;
  return entry;
}

void JournalReader::check_tail() const {
  const std::string line =
      std::string(kBeforeNumber) + std::to_string(last_number_ + 1) + std::string(kBeforeTime);
  const std::string_view tail = std::string_view(buffer_).substr(begin_);
  if (!tail.starts_with(std::string_view(line).substr(0, tail.size()))) {
    throw_damage("neither a record nor the beginning of one");
  }
}

void JournalReader::check_reaches(std::uint64_t number) const {
  if (last_number_ < number) {
    throw_damage("missing, but record " + std::to_string(number) + " was read before");
  }
}

// Lines and records have the same numbers, so the line at fault is the one after the last record.
void JournalReader::throw_damage(const std::string& why) const {
  std::string text = "read journal " + path_.string() + ": line " +
                     std::to_string(last_number_ + 1) + ": " + why + " (damaged; ";
  text += last_number_ == 0 ? "no record before it)"
                            : "records 1 to " + std::to_string(last_number_) + " are whole)";
  throw StorageError(StorageFault::kDamaged, path_, text);
}

}  // namespace glimpse::storage
