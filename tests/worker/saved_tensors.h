#pragma once

// Saved tensors as a checkpoint would bring them back: from a file.

#include <string>
#include <vector>

#include "storage/files/atomic_file.h"
#include "storage/safetensors/tensor_file.h"
#include "tests/support/temp_dir.h"
#include "worker/engine.h"

namespace glimpse::worker {

inline storage::TensorFile through_a_file(const std::vector<SavedTensor>& tensors,
                                          const tests::TempDir& folder) {
  std::vector<storage::TensorView> views;
  for (const SavedTensor& tensor : tensors) {
    views.push_back(tensor.view());
  }
  storage::AtomicFile file(folder / "tensors.safetensors");
  storage::write_tensors(file, views, {});
  file.commit();
  return storage::TensorFile(folder / "tensors.safetensors");
}

}  // namespace glimpse::worker
