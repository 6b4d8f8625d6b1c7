#include "tests/reports/html/sample_pictures.h"

#include <algorithm>
#include <cmath>

#include "experiments/philox.h"
#include "experiments/recipes/cluttered_sequences.h"

namespace glimpse::reports {
namespace {

using experiments::DigitSet;
using experiments::RandomStream;
using experiments::SequenceLayout;

const DigitSet& digits() {
  static const DigitSet kDigits = experiments::make_builtin_digits(28, 1, {200, 50, 200});
  return kDigits;
}

Picture draw(const SequenceLayout& layout, const experiments::DatasetSpec& spec) {
  Picture picture{.width = spec.width, .height = spec.height};
  picture.pixels.resize(static_cast<std::size_t>(spec.width * spec.height));
  std::vector<std::uint8_t> clutter(picture.pixels.size());
  experiments::draw_image(spec, digits(), layout, picture.pixels, clutter);
  return picture;
}

Picture cut_out(const Picture& image, const CropBox& box, int side) {
  Picture crop{.width = side, .height = side};
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const int from_x =
          static_cast<int>(std::lround(box.left + (box.right - box.left) * x / (side - 1)));
      const int from_y =
          static_cast<int>(std::lround(box.top + (box.bottom - box.top) * y / (side - 1)));
      const bool is_inside =
          from_x >= 0 && from_x < image.width && from_y >= 0 && from_y < image.height;
      crop.pixels.push_back(
          is_inside ? image.pixels[static_cast<std::size_t>(from_y * image.width + from_x)] : 0);
    }
  }
  return crop;
}

CropBox box_around(const experiments::PlacedDigit& digit, RandomStream& random) {
  const auto shaken = [&](int at) { return at + 6 * random.uniform() - 3; };
  const double left = shaken(digit.x) - 4;
  const double top = shaken(digit.y) - 4;
  const double side = 34 + 4 * random.uniform();
  return {left, top, left + side, top + side};
}

}  // namespace

std::vector<GalleryItem> read_pictures(const SampleReader& reader, std::size_t count) {
  const experiments::DatasetSpec spec;
  RandomStream random(reader.run_id.size() + reader.model.size() * 7U +
                          static_cast<std::uint64_t>(reader.downsample),
                      experiments::Purpose::kSearch,
                      0,
                      0);
  std::vector<GalleryItem> items;
  for (std::uint32_t index = 0; index < count; ++index) {
    const SequenceLayout layout =
        experiments::draw_layout(spec, digits(), {experiments::Split::kTest, index});
    GalleryItem item{.run_id = reader.run_id,
                     .model = reader.model,
                     .seed = 1,
                     .index = index,
                     .image = draw(layout, spec)};
    for (const experiments::PlacedDigit& digit : layout.digits) {
      const int target = digits().labels[digit.digit];
      const bool is_wrong = static_cast<int>(random.below(100)) < reader.wrong_per_hundred;
      item.targets.push_back(target);
      item.predictions.push_back(is_wrong ? (target + 3) % 10 : target);
      if (reader.downsample > 0) {
        item.boxes.push_back(box_around(digit, random));
        item.crops.push_back(cut_out(item.image, item.boxes.back(), 100 / reader.downsample));
      }
    }
    items.push_back(std::move(item));
  }
  return items;
}

}  // namespace glimpse::reports
