#include "launcher/run/line_splitter.h"

#include <algorithm>
#include <utility>

namespace glimpse::launcher {

std::vector<std::string> LineSplitter::add(std::string_view bytes) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', begin), bytes.size());
    const std::size_t room = experiments::kMaxRecordBytes + 1 - open_.size();
    open_ += bytes.substr(begin, std::min(end - begin, room));
    if (end < bytes.size()) {
      if (open_.size() <= experiments::kMaxRecordBytes) {
        lines.push_back(open_);
      }
      open_.clear();
    }
    begin = end + 1;
  }
  return lines;
}

bool looks_like_record(std::string_view line) {
  return line.starts_with("{\"epoch\"") || line.starts_with("{\"type\"");
}

}  // namespace glimpse::launcher
