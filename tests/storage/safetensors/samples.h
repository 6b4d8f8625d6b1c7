#pragma once

// Tensors that own their bytes, for tests.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "storage/safetensors/tensor_file.h"

namespace glimpse::tests {

struct OwnedTensors {
  std::vector<std::vector<std::byte>> bytes;
  std::vector<storage::TensorView> views;

  void add(const std::string& name, storage::TensorType type, std::vector<std::int64_t> shape) {
    const auto size = storage::try_tensor_bytes(type, shape).value();
    // Not random, but without a byte that repeats at the same place in the next tensor.
    std::vector<std::byte> content(size);
    for (std::size_t i = 0; i < size; ++i) {
      content[i] = static_cast<std::byte>((i * 131 + views.size() * 17 + 1) % 251);
    }
    bytes.push_back(std::move(content));
    views.push_back({name, type, std::move(shape), bytes.back()});
  }
};

// One of every type, scalars and empty ones among them, in an order that leaves some misaligned.
inline OwnedTensors make_tensors() {
  using enum storage::TensorType;
  OwnedTensors tensors;
  tensors.add("zeta", kU8, {3});
  tensors.add("alpha.weight", kF32, {4, 2, 3});
  tensors.add("scalar", kF64, {});
  tensors.add("empty", kI64, {0, 5});
  tensors.add("name \"with\\ \xc3\xa9\n", kBf16, {2});
  for (const auto type : {kBool, kI8, kF8E5M2, kF8E4M3, kU16, kI16, kF16, kU32, kI32, kU64, kI64}) {
    tensors.add(std::string(storage::name_of(type)), type, {2, 2});
  }
  // A boolean is 0 or 1, for readers that care.
  for (auto& byte : tensors.bytes[5]) {
    byte &= std::byte{1};
  }
  return tensors;
}

}  // namespace glimpse::tests
