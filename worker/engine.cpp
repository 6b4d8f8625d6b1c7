#include "worker/engine.h"

namespace glimpse::worker {

storage::TensorView SavedTensor::view() const {
  return {.name = name, .type = type, .shape = shape, .bytes = bytes};
}

}  // namespace glimpse::worker
