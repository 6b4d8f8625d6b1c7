#pragma once

// Where tensors on the CPU live.

namespace glimpse::worker {

// What a step frees, the next one uses, without page faults (glibc gives big blocks back to the
// kernel at once, and a step takes 1.25 to 1.6 times as long) and without growing over thousands of
// steps. Before the first tensor.
void keep_tensor_memory();

}  // namespace glimpse::worker
