#pragma once

// Small crops whose every element is a function of its place.

#include "storage/hdf5/crops_file.h"

namespace glimpse::tests {

// Five images of 12 x 16 with two digits, each with three glimpses of 6 x 8.
storage::Crops sample_crops();
// The same of a network that takes no glimpses.
storage::Crops sample_crops_without_glimpses();

}  // namespace glimpse::tests
