#pragma once

// The four official MNIST files. Only the unpacked bytes are canonical: mirrors compress them
// differently, and other datasets use the same names and shapes, so the hash is the one guard.

#include <array>
#include <cstdint>
#include <string_view>

namespace glimpse::experiments {

struct MnistFile {
  std::string_view name;    // as published, without ".gz"
  std::uint64_t bytes = 0;  // unpacked
  std::string_view sha256;  // of the unpacked bytes
};

inline constexpr std::array<MnistFile, 4> kMnistFiles = {{
    {"train-images-idx3-ubyte",
     47040016,
     "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"},
    {"train-labels-idx1-ubyte",
     60008,
     "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"},
    {"t10k-images-idx3-ubyte",
     7840016,
     "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"},
    {"t10k-labels-idx1-ubyte",
     10008,
     "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"},
}};

}  // namespace glimpse::experiments
