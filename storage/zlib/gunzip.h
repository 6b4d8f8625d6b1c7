#pragma once

// Reads a file that may be gzip-compressed. Content is unpacked only as far as the caller asks for
// it, so a small file that unpacks to terabytes costs no more memory than the caller allows.
// One reader belongs to one thread.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "storage/files/file_io.h"

struct z_stream_s;

namespace glimpse::storage {

// Content of a .gz file (several members in a row are one content), or of any other file as it is:
// the first two bytes decide, not the name.
class UnpackingReader {
 public:
  explicit UnpackingReader(std::filesystem::path path);

  // Fills `out` from where the last call ended; less than asked for only at the end of the content.
  // The content's end is reached only when check sums held and nothing follows it.
  [[nodiscard]] std::size_t read(std::span<std::byte> out);

 private:
  struct InflateEnd {
    void operator()(z_stream_s* stream) const noexcept;
  };

  bool refill();
  void copy_some();
  void inflate_some();
  void start_next_member();
  [[noreturn]] void fail(const char* why) const;

  std::filesystem::path path_;
  FileDescriptor file_;
  std::vector<std::byte> input_;
  std::unique_ptr<z_stream_s, InflateEnd> stream_;
  bool is_packed_ = false;
  bool is_at_end_ = false;
};

// Says from the first bytes of a content how long all of it is; throws where they make no sense.
using LengthRule = std::function<std::uint64_t(std::span<const std::byte> head)>;

// The whole content of a file whose first `head_size` bytes declare its length. Memory grows with
// what is really there and never past the declared length. A shorter content is returned as it is,
// because what parses it can name the field that lied; a longer one is an error here.
std::vector<std::byte> load_unpacked(const std::filesystem::path& path,
                                     std::size_t head_size,
                                     const LengthRule& length_rule);

}  // namespace glimpse::storage
