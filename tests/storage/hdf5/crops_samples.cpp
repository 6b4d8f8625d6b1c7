#include "tests/storage/hdf5/crops_samples.h"

#include <cstddef>

namespace glimpse::tests {
namespace {

template <typename Element>
std::vector<Element> numbers(std::uint64_t count, std::uint64_t factor, std::uint64_t modulus) {
  std::vector<Element> elements(count);
  for (std::size_t i = 0; i < count; ++i) {
    elements[i] = static_cast<Element>(i * factor % modulus);
  }
  return elements;
}

}  // namespace

storage::Crops sample_crops_without_glimpses() {
  return {.run_id = "0123456789abcdef0123456789abcdef",
          .config = R"({"model":"Prüf \"1\""})",
          .split = "test",
          .weights = "best",
          .shape = {.count = 5, .height = 12, .width = 16, .digits = 2},
          .images = numbers<std::uint8_t>(5 * 12 * 16, 7, 256),
          .labels = numbers<std::uint8_t>(10, 3, 10),
          .predictions = numbers<std::uint8_t>(10, 7, 10),
          .index = numbers<std::uint32_t>(5, 1'000'000'007, 1ULL << 32),
          .theta = {},
          .boxes = {},
          .crops = {}};
}

storage::Crops sample_crops() {
  storage::Crops crops = sample_crops_without_glimpses();
  crops.shape.glimpses = 3;
  crops.shape.crop_height = 6;
  crops.shape.crop_width = 8;
  crops.theta = numbers<float>(5 * 3 * 6, 11, 64);
  crops.boxes = numbers<float>(5 * 3 * 4, 13, 64);
  for (float& number : crops.theta) {
    number = number / 16 - 2;  // exact, with both signs
  }
  crops.crops = numbers<std::uint8_t>(5 * 3 * 6 * 8, 5, 251);
  return crops;
}

}  // namespace glimpse::tests
