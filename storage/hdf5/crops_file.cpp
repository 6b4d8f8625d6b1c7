#include "storage/hdf5/crops_file.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string_view>
#include <type_traits>

#include <hdf5.h>

#include "storage/files/atomic_file.h"
#include "storage/files/mapped_file.h"
#include "storage/files/xxh3.h"
#include "storage/hdf5/hdf5_handle.h"
#include "storage/hdf5/hdf5_objects.h"
#include "storage/hdf5/hdf5_writing.h"

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kCropsSealBytes = 512;  // the smallest that HDF5 leaves to its user
constexpr std::string_view kMagic = "glimpse crops, format 1\n";
constexpr std::uint64_t kMaxArrayBytes = 1ULL << 30;
constexpr std::size_t kMaxTextBytes = 1U << 15;  // HDF5 keeps an attribute below 64 KiB
constexpr std::uint64_t kChunkBytes = 1ULL << 20;
constexpr unsigned kDeflateLevel = 6;
constexpr std::uint8_t kClasses = 10;

// The one list of what is kept beside the arrays: use(name, text) for each.
template <typename Kept, typename Use>
void for_each_text(Kept& crops, const Use& use) {
  use("run_id", crops.run_id);
  use("config", crops.config);
  use("split", crops.split);
  use("weights", crops.weights);
}

// The one list of arrays: use(name, elements, shape) for each that such a file has.
template <typename Kept, typename Use>
void for_each_array(Kept& crops, const Use& use) {
  const CropsShape& s = crops.shape;
  use("images", crops.images, Shape{s.count, s.height, s.width});
  use("labels", crops.labels, Shape{s.count, s.digits});
  use("predictions", crops.predictions, Shape{s.count, s.digits});
  use("index", crops.index, Shape{s.count});
  if (s.glimpses > 0) {
    use("theta", crops.theta, Shape{s.count, s.glimpses, 2, 3});
    use("boxes", crops.boxes, Shape{s.count, s.glimpses, 4});
    use("crops", crops.crops, Shape{s.count, s.glimpses, s.crop_height, s.crop_width});
  }
}

// Sides that pass have products that pass, too, when they are at most kMaxArrayBytes.
std::string shape_problem(const std::string& name, const Shape& shape) {
  std::uint64_t bytes = sizeof(float);
  for (const std::uint64_t side : shape) {
    if (side < 1 || bytes > kMaxArrayBytes / side) {
      return name + " of shape " + render_shape(shape) + " (at least 1 and in all at most 1 GiB)";
    }
    bytes *= side;
  }
  return {};
}

std::uint64_t element_count(const Shape& shape) {
  std::uint64_t count = 1;
  for (const std::uint64_t side : shape) {
    count *= side;
  }
  return count;
}

std::string shapes_problem(const Crops& crops) {
  std::string problem;
  for_each_array(crops, [&](const std::string& name, const auto&, const Shape& shape) {
    problem = problem.empty() ? shape_problem(name, shape) : problem;
  });
  const bool has_crops = crops.shape.crop_height > 0 || crops.shape.crop_width > 0 ||
                         !crops.theta.empty() || !crops.boxes.empty() || !crops.crops.empty();
  if (crops.shape.glimpses == 0 && has_crops) {
    return "crops of no glimpse";
  }
  return problem;
}

bool are_digits(std::span<const std::uint8_t> numbers) {
  return std::ranges::all_of(numbers, [](std::uint8_t number) { return number < kClasses; });
}

std::string content_problem(const Crops& crops) {
  return are_digits(crops.labels) && are_digits(crops.predictions)
             ? ""
             : "a label or prediction that is not within 0..9";
}

std::string crops_problem(const Crops& crops) {
  std::string problem = shapes_problem(crops);
  for_each_array(crops, [&](const std::string& name, const auto& elements, const Shape& shape) {
    if (problem.empty() && elements.size() != element_count(shape)) {
      problem = name + " is not of shape " + render_shape(shape);
    }
  });
  for_each_text(crops, [&](const std::string& name, const std::string& text) {
    if (text.size() > kMaxTextBytes || text.find('\0') != std::string::npos) {
      problem = name + " is too long, or holds a zero byte";
    }
  });
  return problem.empty() ? content_problem(crops) : problem;
}

template <typename Element>
hid_t type_in_file() {
  if constexpr (std::is_same_v<Element, float>) {
    return H5T_IEEE_F32LE;
  } else if constexpr (std::is_same_v<Element, std::uint32_t>) {
    return H5T_STD_U32LE;
  } else {
    return H5T_STD_U8LE;
  }
}

// What lies in memory is of the same type, but for the order of its bytes.
template <typename Element>
hid_t type_in_memory() {
  if constexpr (std::is_same_v<Element, float>) {
    return H5T_NATIVE_FLOAT;
  } else if constexpr (std::is_same_v<Element, std::uint32_t>) {
    return H5T_NATIVE_UINT32;
  } else {
    return H5T_NATIVE_UINT8;
  }
}

// Lines of text, then zeros. A reader renders it again and compares.
std::string render_seal(std::span<const std::byte> content) {
  std::string seal(kMagic);
  seal += "size " + std::to_string(kCropsSealBytes + content.size()) + "\n";
  seal += "xxh3 " + render_hash(xxh3(content)) + "\n";
  seal.resize(kCropsSealBytes, '\0');
  return seal;
}

class CropsBuilder {
 public:
  CropsBuilder(const Hdf5Memory& memory, const fs::path& path)
      : task_("write crops", path, StorageFault::kIo),
        file_(memory.create(task_, kCropsSealBytes, /*alignment=*/1)) {}

  void build(const Crops& crops) {
    for_each_text(crops, [&](const std::string& name, const std::string& text) {
      write_text(task_, file_, name, text);
    });
    for_each_array(crops, [&](const char* name, const auto& elements, const Shape& shape) {
      write_array(name, elements, {shape.begin(), shape.end()});
    });
    task_.check(file_.close(), "H5Fclose");
  }

 private:
  template <typename Element>
  void write_array(const char* name,
                   const std::vector<Element>& elements,
                   const std::vector<hsize_t>& shape) const {
    const Hdf5Handle creation = packed_list(shape, sizeof(Element) * elements.size() / shape[0]);
    const Hdf5Handle space =
        task_.own(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr),
                  H5Sclose,
                  "H5Screate_simple");
    const Hdf5Handle array = task_.own(H5Dcreate2(file_.get(),
                                                  name,
                                                  type_in_file<Element>(),
                                                  space.get(),
                                                  H5P_DEFAULT,
                                                  creation.get(),
                                                  H5P_DEFAULT),
                                       H5Dclose,
                                       "H5Dcreate2");
    task_.check(
        H5Dwrite(
            array.get(), type_in_memory<Element>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, elements.data()),
        "H5Dwrite");
  }

  // Chunks of whole images, compressed by what every reader has.
  [[nodiscard]] Hdf5Handle packed_list(std::vector<hsize_t> shape, std::size_t image_bytes) const {
    shape[0] = std::clamp<hsize_t>(kChunkBytes / image_bytes, 1, shape[0]);
    Hdf5Handle creation = make_timeless_list(task_, H5P_DATASET_CREATE);
    task_.check(H5Pset_chunk(creation.get(), static_cast<int>(shape.size()), shape.data()),
                "H5Pset_chunk");
    task_.check(H5Pset_shuffle(creation.get()), "H5Pset_shuffle");
    task_.check(H5Pset_deflate(creation.get(), kDeflateLevel), "H5Pset_deflate");
    return creation;
  }

  Hdf5Task task_;
  Hdf5Handle file_;
};

class CropsReader {
 public:
  explicit CropsReader(const fs::path& path)
      : task_("open crops", path, StorageFault::kDamaged), file_(open(path)) {}

  [[nodiscard]] Crops read() const {
    Crops crops;
    crops.shape = read_shape();
    refuse(shapes_problem(crops));
    for_each_text(crops, [&](const std::string& name, std::string& text) {
      text = read_text(task_, file_, name);
    });
    for_each_array(crops, [&](const std::string& name, auto& elements, const Shape& shape) {
      read_array(name, elements, shape);
    });
    refuse(content_problem(crops));
    return crops;
  }

 private:
  [[nodiscard]] Hdf5Handle open(const fs::path& path) const {
    const MappedFile file(path);
    const auto bytes = file.bytes();
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (!text.starts_with(kMagic)) {
      task_.fail(StorageFault::kForeign, "it does not begin as files of crops do");
    }
    if (text.substr(0, kCropsSealBytes) !=
        render_seal(bytes.subspan(std::min(kCropsSealBytes, bytes.size())))) {
      task_.fail(StorageFault::kDamaged, "its content is not what its first bytes say (damaged)");
    }
    return open_hdf5_file(task_, path);
  }

  void refuse(const std::string& problem) const {
    if (!problem.empty()) {
      task_.fail(StorageFault::kForeign, "it holds " + problem);
    }
  }

  [[nodiscard]] Shape read_shape_of(const std::string& name, std::size_t rank) const {
    Shape shape = array_shape(task_, open_array(task_, file_, name));
    if (shape.size() != rank) {
      task_.fail(StorageFault::kForeign, name + " is of shape " + render_shape(shape));
    }
    return shape;
  }

  [[nodiscard]] CropsShape read_shape() const {
    const Shape images = read_shape_of("images", 3);
    CropsShape shape{.count = images[0],
                     .height = images[1],
                     .width = images[2],
                     .digits = read_shape_of("labels", 2)[1]};
    if (has_link(task_, file_, "crops")) {
      const Shape crops = read_shape_of("crops", 4);
      shape.glimpses = crops[1];
      shape.crop_height = crops[2];
      shape.crop_width = crops[3];
    }
    return shape;
  }

  template <typename Element>
  void read_array(const std::string& name,
                  std::vector<Element>& elements,
                  const Shape& shape) const {
    const Hdf5Handle array = open_array(task_, file_, name);
    const Hdf5Handle type = task_.own(H5Dget_type(array.get()), H5Tclose, "H5Dget_type");
    if (array_shape(task_, array) != shape ||
        task_.check(H5Tequal(type.get(), type_in_file<Element>()), "H5Tequal") == 0) {
      task_.fail(StorageFault::kForeign,
                 name + " has another type or shape than " + render_shape(shape));
    }
    elements.resize(element_count(shape));
    task_.check(
        H5Dread(
            array.get(), type_in_memory<Element>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, elements.data()),
        "H5Dread");
  }

  Hdf5Task task_;
  Hdf5Handle file_;
};

}  // namespace

void write_crops(const fs::path& path, const Crops& crops) {
  const std::string problem = crops_problem(crops);
  if (!problem.empty()) {
    throw std::invalid_argument("write crops: " + problem);
  }
  const Hdf5Memory memory;
  CropsBuilder(memory, path).build(crops);
  const MappedFile built = memory.map();
  const auto content = built.bytes().subspan(kCropsSealBytes);
  AtomicFile file(path);
  file.write(render_seal(content));
  file.write(content);
  file.commit();
}

Crops load_crops(const fs::path& path) {
  return CropsReader(path).read();
}

}  // namespace glimpse::storage
