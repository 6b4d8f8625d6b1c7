#pragma once

// Damage done to the bytes of a file, planned ahead from a seed: flipped bits, zeroed pages and
// truncations for formats that must notice each one, and wilder mutations for parsers that must
// survive each one.

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace glimpse::tests {

struct Damage {
  enum class Kind { kFlip, kZeroPage, kTruncate };
  Kind kind = Kind::kFlip;
  std::size_t offset = 0;  // first byte touched; for a truncation the new size
  unsigned bit = 0;        // of a flip
  std::size_t size = 0;    // of a page
};

struct DamageCounts {
  std::size_t flips = 200;
  std::size_t pages = 100;
  std::size_t truncations = 100;
};

// Each one changes the bytes: a page that is zero already is not picked. Pages are of 4096 bytes,
// of 512 in files that have fewer than 16 of them.
[[nodiscard]] std::vector<Damage> plan_damage(std::string_view bytes,
                                              std::uint64_t seed,
                                              const DamageCounts& counts = {});
[[nodiscard]] std::string apply_damage(std::string bytes, const Damage& damage);
// "flip of bit 3 in byte 17", for the message of a failed test.
[[nodiscard]] std::string render_damage(const Damage& damage);

// One to four random edits: bits, bytes, ranges removed, repeated or filled, numbers and brackets
// put in, the end cut off.
[[nodiscard]] std::string mutate(std::string_view original, std::mt19937_64& random);

}  // namespace glimpse::tests
