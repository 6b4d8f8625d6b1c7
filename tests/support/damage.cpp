#include "tests/support/damage.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace glimpse::tests {
namespace {

std::size_t pick_below(std::mt19937_64& random, std::size_t limit) {
  return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
}

bool has_content(std::string_view bytes) {
  return bytes.find_first_not_of('\0') != std::string_view::npos;
}

Damage pick_page(std::string_view bytes, std::mt19937_64& random) {
  const std::size_t size = bytes.size() < std::size_t{16} * 4096 ? 512 : 4096;
  const std::size_t pages = (bytes.size() + size - 1) / size;
  while (true) {
    const std::size_t offset = pick_below(random, pages) * size;
    if (has_content(bytes.substr(offset, size))) {
      return {Damage::Kind::kZeroPage, offset, 0, size};
    }
  }
}

void edit(std::string& bytes, std::mt19937_64& random) {
  static constexpr std::array<std::string_view, 16> kTexts{"{",
                                                           "}",
                                                           "[",
                                                           "]",
                                                           "\"",
                                                           ",",
                                                           ":",
                                                           "\\u0000",
                                                           "\n",
                                                           "\xff",
                                                           "null",
                                                           "-1",
                                                           "1e999",
                                                           "18446744073709551615",
                                                           "9223372036854775808",
                                                           "0.5"};
  const std::size_t at = pick_below(random, bytes.size() + 1);
  const std::size_t size = pick_below(random, std::min<std::size_t>(bytes.size() - at, 64) + 1);
  switch (pick_below(random, 7)) {
    case 0:
      if (at < bytes.size()) {
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << pick_below(random, 8)));
      }
      break;
    case 1:
      if (at < bytes.size()) {
        bytes[at] = static_cast<char>(pick_below(random, 256));
      }
      break;
    case 2:
      bytes.erase(at, size);
      break;
    case 3:
      bytes.insert(at, std::string(bytes.substr(at, size)));
      break;
    case 4:
      std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), size, '\0');
      break;
    case 5:
      bytes.insert(at, kTexts.at(pick_below(random, kTexts.size())));
      break;
    default:
      bytes.resize(at);
  }
}

}  // namespace

std::vector<Damage> plan_damage(std::string_view bytes,
                                std::uint64_t seed,
                                const DamageCounts& counts) {
  if (!has_content(bytes)) {
    throw std::invalid_argument("nothing to damage");
  }
  std::mt19937_64 random(seed);
  std::vector<Damage> plan;
  for (std::size_t i = 0; i < counts.flips; ++i) {
    const auto bit = static_cast<unsigned>(pick_below(random, 8));
    plan.push_back({Damage::Kind::kFlip, pick_below(random, bytes.size()), bit, 0});
  }
  for (std::size_t i = 0; i < counts.pages; ++i) {
    plan.push_back(pick_page(bytes, random));
  }
  for (std::size_t i = 0; i < counts.truncations; ++i) {
    plan.push_back({Damage::Kind::kTruncate, pick_below(random, bytes.size()), 0, 0});
  }
  return plan;
}

std::string apply_damage(std::string bytes, const Damage& damage) {
  switch (damage.kind) {
    case Damage::Kind::kFlip:
      bytes.at(damage.offset) = static_cast<char>(bytes.at(damage.offset) ^ (1 << damage.bit));
      break;
    case Damage::Kind::kZeroPage:
      std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(damage.offset),
                  std::min(damage.size, bytes.size() - damage.offset),
                  '\0');
      break;
    case Damage::Kind::kTruncate:
      bytes.resize(damage.offset);
      break;
  }
  return bytes;
}

std::string render_damage(const Damage& damage) {
  const std::string at = std::to_string(damage.offset);
  switch (damage.kind) {
    case Damage::Kind::kFlip:
      return "flip of bit " + std::to_string(damage.bit) + " in byte " + at;
    case Damage::Kind::kZeroPage:
      return "zeroed page of " + std::to_string(damage.size) + " bytes at " + at;
    case Damage::Kind::kTruncate:
      return "truncation to " + at + " bytes";
  }
  return {};
}

std::string mutate(std::string_view original, std::mt19937_64& random) {
  std::string bytes(original);
  for (std::size_t edits = 1 + pick_below(random, 4); edits > 0; --edits) {
    edit(bytes, random);
  }
  return bytes;
}

}  // namespace glimpse::tests
