#include "launcher/run/attempt_log.h"

#include <algorithm>
#include <span>

#include <fcntl.h>
#include <unistd.h>

#include "storage/storage_error.h"

namespace glimpse::launcher {

void AttemptLog::add(std::string_view printed) {
  keep(printed);
  const std::size_t fits = std::min<std::uint64_t>(printed.size(), most_bytes_ - written_);
  write(printed.substr(0, fits));
  written_ += fits;
  left_out_ += printed.size() - fits;
}

// Of a flood only its end can be among the last lines.
void AttemptLog::keep(std::string_view printed) {
  for (std::size_t begin = 0; begin < printed.size();) {
    const std::size_t end = std::min(printed.find('\n', begin), printed.size());
    if (open_line_.size() < kMostLineBytes) {
      open_line_ +=
          printed.substr(begin, std::min(end - begin, kMostLineBytes - open_line_.size()));
    }
    if (end < printed.size()) {
      lines_.push_back(std::move(open_line_));
      open_line_.clear();
      if (lines_.size() > kLastLines) {
        lines_.pop_front();
      }
    }
    begin = end + 1;
  }
}

std::vector<std::string> AttemptLog::last_lines() const {
  std::vector<std::string> lines(lines_.begin(), lines_.end());
  if (!open_line_.empty()) {
    lines.push_back(open_line_);
  }
  if (lines.size() > kLastLines) {
    lines.erase(lines.begin());
  }
  return lines;
}

void AttemptLog::write(std::string_view text) {
  if (text.empty() || cannot_write_) {
    return;
  }
  try {
    if (!file_.is_open()) {
      file_ = storage::open_file(path_, O_WRONLY | O_CREAT | O_APPEND);
    }
    storage::write_all(file_, std::as_bytes(std::span(text)), path_);
  } catch (const storage::StorageError&) {
    cannot_write_ = true;
  }
}

void AttemptLog::close() {
  if (left_out_ > 0) {
    write("\n[glimpse: " + std::to_string(left_out_) +
          " more bytes were printed; these are the last lines]\n");
    for (const std::string& line : last_lines()) {
      write(line + "\n");
    }
  }
  file_ = storage::FileDescriptor();
}

}  // namespace glimpse::launcher
