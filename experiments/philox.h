#pragma once

// Counter-based random numbers: Philox4x32-10 of Random123 (Salmon et al., SC11). Every number is a
// pure function of (seed, purpose, epoch, index, position), so a consumer that is added later
// shifts no other, and any rank or thread can draw any part of a stream. Values own nothing and may
// be copied freely; one RandomStream belongs to one thread at a time.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace glimpse::experiments {

using PhiloxCounter = std::array<std::uint32_t, 4>;
using PhiloxKey = std::array<std::uint32_t, 2>;

// What a stream is for. The numbers are part of every result: never change or reuse one.
enum class Purpose : std::uint32_t {
  kInitialWeights = 1,  // index: tensor
  kOrder = 2,           // epoch: training epoch; the permutation of the training samples
  kDropout = 3,         // epoch: training epoch; index: sample
  kSearch = 4,          // epoch: a number made from the parameter's name; index: draw
  kDigit = 5,           // epoch: split; index: built-in digit
  kSequence = 6,        // epoch: split; index: image
  kClutterBank = 7,     // epoch: bank; index: patch
  kLabelShuffle = 8,    // epoch: split; index: image
};

constexpr PhiloxCounter philox4x32(PhiloxCounter counter, PhiloxKey key) {
  constexpr int kRounds = 10;
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0],
               static_cast<std::uint32_t>(b),
               static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1],
               static_cast<std::uint32_t>(a)};
    key[0] += 0x9E3779B9;  // golden ratio
    key[1] += 0xBB67AE85;  // sqrt(3) - 1
  }
  return counter;
}

class RandomStream {
 public:
  constexpr RandomStream(std::uint64_t seed,
                         Purpose purpose,
                         std::uint32_t epoch,
                         std::uint32_t index)
      : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
        counter_{0, index, epoch, static_cast<std::uint32_t>(purpose)} {}

  // A stream repeats after 2^34 numbers, which no consumer comes near.
  constexpr std::uint32_t next_u32() {
    if (position_ == block_.size()) {
      block_ = philox4x32(counter_, key_);
      ++counter_[0];
      position_ = 0;
    }
    return block_[position_++];
  }

  // Leaves out `count` numbers at the cost of one block.
  constexpr void skip(std::uint64_t count) {
    const std::uint64_t from_block = position_ + count;  // in numbers, counted from block_'s first
    if (from_block < block_.size()) {
      position_ = from_block;
      return;
    }
    const std::uint64_t past = from_block - block_.size();  // in numbers, counted from the next
    counter_[0] += static_cast<std::uint32_t>(past / block_.size());
    block_ = philox4x32(counter_, key_);
    ++counter_[0];
    position_ = past % block_.size();
  }

  // The next numbers, as next_u32 gives them but faster.
  void fill(std::span<std::uint32_t> numbers);

  // In [0, 1) in steps of 2^-24, so that a float holds it exactly.
  constexpr double uniform() { return static_cast<double>(next_u32() >> 8) * 0x1p-24; }

  // In [0, 1) in steps of 2^-53; takes two numbers, the high one first.
  constexpr double uniform53() {
    const std::uint64_t high = next_u32();
    return static_cast<double>((high << 32 | next_u32()) >> 11) * 0x1p-53;
  }

  // A whole number in [0, n); 0 for n = 0. The bias is below n / 2^32, and in return every call
  // takes exactly one number.
  constexpr std::uint32_t below(std::uint32_t n) {
    return static_cast<std::uint32_t>(std::uint64_t{next_u32()} * n >> 32);
  }

  // Standard normal; takes two numbers. Beyond 1.44 standard deviations the C library's logarithm
  // decides the last bit, so two machines may differ there by one rounding unit.
  double normal();

 private:
  PhiloxKey key_;
  PhiloxCounter counter_;
  std::array<std::uint32_t, 4> block_{};
  std::size_t position_ = 4;
};

// The value below which a standard normal stays with this probability, 0 < probability < 1.
double normal_quantile(double probability);

}  // namespace glimpse::experiments
