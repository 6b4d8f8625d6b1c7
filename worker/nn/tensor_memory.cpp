#include "worker/nn/tensor_memory.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <new>

#include <c10/core/CPUAllocator.h>
#include <malloc.h>

namespace glimpse::worker {
namespace {

// As vector instructions and LibTorch itself like it.
constexpr std::size_t kAlignment = 64;

// Aligns within blocks of malloc's. LibTorch's own allocator asks the C library for aligned blocks,
// and that of Debian 12 leaves splinters around them by which a process grows for ever.
class AlignedBlocks final : public c10::Allocator {
 public:
  c10::DataPtr allocate(std::size_t bytes) override {
    void* const data = bytes == 0 ? nullptr : allocate_aligned(bytes);
    return {data, data, &release, c10::Device(c10::kCPU)};
  }

  [[nodiscard]] c10::DeleterFnPtr raw_deleter() const override { return &release; }

  void copy_data(void* to, const void* from, std::size_t bytes) const override {
    default_copy_data(to, from, bytes);
  }

 private:
  // The block's own address lies right before the data; malloc's alignment leaves room for it.
  static_assert(alignof(std::max_align_t) >= sizeof(void*));

  static void* allocate_aligned(std::size_t bytes) {
    constexpr std::size_t kLargest = std::numeric_limits<std::size_t>::max() - kAlignment;
    void* const block = bytes > kLargest ? nullptr : std::malloc(bytes + kAlignment);
    if (block == nullptr) {
      throw std::bad_alloc();
    }
    auto* const begin = static_cast<std::byte*>(block);
    const std::size_t past = reinterpret_cast<std::uintptr_t>(begin) % kAlignment;
    std::byte* const data = begin + (kAlignment - past);
    reinterpret_cast<void**>(data)[-1] = block;
    return data;
  }

  static void release(void* data) {
    if (data != nullptr) {
      std::free(static_cast<void**>(data)[-1]);
    }
  }
};

}  // namespace

void keep_tensor_memory() {
  // No block is mapped by itself (a threshold could not pass 32 MiB), and the heap never shrinks.
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  static AlignedBlocks blocks;
  c10::SetCPUAllocator(&blocks, /*priority=*/1);
}

}  // namespace glimpse::worker
