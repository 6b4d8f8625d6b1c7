#pragma once

// XXH3 with 64 bits, the check value of every file that is ours. It finds damage, not malice: keys
// and foreign files carry SHA-256 instead. An Xxh3 object belongs to one thread at a time.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace glimpse::storage {

class Xxh3 {
 public:
  Xxh3();
  ~Xxh3();
  Xxh3(Xxh3&&) noexcept;
  Xxh3& operator=(Xxh3&&) noexcept;
  Xxh3(const Xxh3&) = delete;
  Xxh3& operator=(const Xxh3&) = delete;

  void update(std::span<const std::byte> bytes);
  void update(std::string_view text);
  // The hash of everything given so far; more may follow.
  [[nodiscard]] std::uint64_t digest() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

[[nodiscard]] std::uint64_t xxh3(std::span<const std::byte> bytes);
[[nodiscard]] std::uint64_t xxh3(std::string_view text);
// Of all bytes of a file, read in pieces.
[[nodiscard]] std::uint64_t hash_file(const std::filesystem::path& path);

// A hash as 16 lower-case hex digits, the one form in which files and names carry it.
[[nodiscard]] std::string render_hash(std::uint64_t hash);
// Takes exactly what render_hash gives, nothing looser, so that a changed digit is never accepted.
[[nodiscard]] std::optional<std::uint64_t> try_parse_hash(std::string_view text);

}  // namespace glimpse::storage
