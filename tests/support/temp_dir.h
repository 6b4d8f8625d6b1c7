#pragma once

// A folder of its own for one test, gone with the object, and whole files as strings.

#include <filesystem>
#include <string>
#include <string_view>

namespace glimpse::tests {

class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  TempDir(TempDir&&) = delete;
  TempDir& operator=(TempDir&&) = delete;

  // Without symbolic links, so that it equals what the kernel says about files in it.
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const {
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

[[nodiscard]] std::string load_bytes(const std::filesystem::path& path);
void save_bytes(const std::filesystem::path& path, std::string_view bytes);

}  // namespace glimpse::tests
