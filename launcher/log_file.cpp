#include "launcher/log_file.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <unistd.h>

namespace glimpse::launcher {
namespace {

constexpr std::size_t kBlock = std::size_t{64} << 10;

}  // namespace

LogFile::LogFile(std::filesystem::path path)
    : path_(std::move(path)), file_(storage::open_plain_file(path_)) {}

std::uint64_t LogFile::size() const {
  return storage::file_size(file_, path_);
}

std::string LogFile::read(std::uint64_t offset) const {
  return read(offset, kBlock);
}

std::string LogFile::read(std::uint64_t offset, std::size_t most) const {
  std::string text(most, '\0');
  ssize_t got = -1;
  do {
    got = ::pread(file_.get(), text.data(), text.size(), static_cast<off_t>(offset));
  } while (got < 0 && errno == EINTR);
  if (got < 0) {
    storage::throw_system_error("read", path_, errno);
  }
  text.resize(static_cast<std::size_t>(got));
  return text;
}

std::uint64_t LogFile::start_of_last(std::size_t lines) const {
  std::uint64_t end = size();
  if (lines == 0 || end == 0) {
    return end;
  }
  --end;  // the newline that ends the last line begins none
  std::size_t found = 0;
  while (end > 0) {
    const std::uint64_t begin = end - std::min<std::uint64_t>(end, kBlock);
    const std::string text = read(begin, static_cast<std::size_t>(end - begin));
    for (std::size_t place = text.size(); place > 0; --place) {
      if (text[place - 1] == '\n' && ++found == lines) {
        return begin + place;
      }
    }
    end = begin;
  }
  return 0;
}

}  // namespace glimpse::launcher
