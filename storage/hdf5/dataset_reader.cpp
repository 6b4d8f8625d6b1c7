#include "storage/hdf5/dataset_reader.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include <hdf5.h>

#include "storage/files/xxh3.h"
#include "storage/hdf5/hdf5_handle.h"
#include "storage/hdf5/hdf5_objects.h"

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;

// Reads what HDF5 says of a file whose seal holds.
class InfoReader {
 public:
  InfoReader(const fs::path& path, const Seal& seal)
      : task_("open dataset", path, StorageFault::kDamaged),
        file_(open_hdf5_file(task_, path)),
        seal_(seal) {}

  DatasetInfo read() {
    if (read_text(task_, file_, "format") != "glimpse-dataset-1") {
      task_.fail(StorageFault::kForeign, "made by another version of Glimpse");
    }
    info_.recipe = read_text(task_, file_, "recipe");
    info_.recipe_text = read_text(task_, file_, "recipe_text");
    info_.identity = read_text(task_, file_, "identity");
    info_.generator_version = parse_number(read_text(task_, file_, "generator_version"));
    read_provenance();
    for (std::size_t i = 0; i < info_.splits.size(); ++i) {
      read_split(i);
    }
    const std::string problem = dataset_info_problem(info_);
    if (!problem.empty()) {
      task_.fail(StorageFault::kForeign, problem);
    }
    return info_;
  }

 private:
  [[nodiscard]] std::int64_t parse_number(const std::string& text) const {
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stop != end) {
      task_.fail(StorageFault::kForeign, "attribute generator_version is no number");
    }
    return number;
  }

  void read_provenance() {
    const Hdf5Handle group = open_group(task_, file_, "provenance");
    for (const std::string& name : attribute_names(task_, group)) {
      info_.provenance[name] = read_text(task_, group, name);
    }
  }

  void read_split(std::size_t split) {
    const std::string name(kDatasetSplits[split]);
    const Hdf5Handle group = open_group(task_, file_, name);
    const Array images = read_array(group, "images", seal_.extents[2 * split]);
    const Array labels = read_array(group, "labels", seal_.extents[2 * split + 1]);
    if (images.shape.size() != 3 || labels.shape.size() != 2 ||
        images.shape[0] != labels.shape[0]) {
      task_.fail(StorageFault::kForeign,
                 name + " has images of shape " + render_shape(images.shape) +
                     " and labels of shape " + render_shape(labels.shape));
    }
    if (split == 0) {
      info_.height = images.shape[1];
      info_.width = images.shape[2];
      info_.labels_per_image = labels.shape[1];
    } else if (images.shape[1] != info_.height || images.shape[2] != info_.width ||
               labels.shape[1] != info_.labels_per_image) {
      task_.fail(StorageFault::kForeign, name + " has other shapes than train");
    }
    info_.splits[split] = {images.shape[0], images.hash, labels.hash};
  }

  struct Array {
    Shape shape;
    std::uint64_t hash = 0;
  };

  [[nodiscard]] Array read_array(const Hdf5Handle& group,
                                 const std::string& name,
                                 const Extent& place) const {
    const Hdf5Handle array = open_array(task_, group, name);
    if (!is_contiguous_array(task_, array) || !is_uint8_array(task_, array)) {
      task_.fail(StorageFault::kForeign, name + " is not stored as plain bytes");
    }
    const Shape shape = array_shape(task_, array);
    const Extent stored = {H5Dget_offset(array.get()), H5Dget_storage_size(array.get())};
    if (stored != place || byte_count(shape) != place.size) {
      task_.fail(StorageFault::kDamaged,
                 name + " of shape " + render_shape(shape) + " lies where the seal does not say");
    }
    const std::optional<std::uint64_t> hash = try_parse_hash(read_text(task_, array, "xxh3"));
    if (!hash) {
      task_.fail(StorageFault::kDamaged, "attribute xxh3 of " + name + " is no hash");
    }
    return {shape, *hash};
  }

  // Saturates: a product that does not fit equals no size of a real file.
  static std::uint64_t byte_count(const Shape& shape) {
    std::uint64_t count = 1;
    for (const std::uint64_t side : shape) {
      if (__builtin_mul_overflow(count, side, &count)) {
        return UINT64_MAX;
      }
    }
    return count;
  }

  Hdf5Task task_;
  Hdf5Handle file_;
  const Seal& seal_;
  DatasetInfo info_;
};

void check_hash(const fs::path& path,
                const std::string& array,
                std::span<const std::byte> bytes,
                std::uint64_t wanted) {
  if (xxh3(bytes) != wanted) {
    throw StorageError(StorageFault::kDamaged,
                       path,
                       "load dataset " + path.string() + ": the bytes of " + array +
                           " are damaged (delete the file and build it again)");
  }
}

}  // namespace

DatasetReader::DatasetReader(const fs::path& path)
    : file_(path), seal_(check_seal(file_.bytes(), path)), info_(InfoReader(path, seal_).read()) {}

SplitData DatasetReader::load(std::size_t split, HashCheck check) const& {
  const SplitInfo& facts = info_.splits.at(split);
  const SplitData data{
      .count = facts.count, .images = array(2 * split), .labels = array(2 * split + 1)};
  const std::string name(kDatasetSplits[split]);
  if (check == HashCheck::kVerify) {
    check_hash(path(), name + "/images", data.images, facts.images_xxh3);
    check_hash(path(), name + "/labels", data.labels, facts.labels_xxh3);
  }
  const auto is_wrong = [](std::byte label) {
    return std::to_integer<int>(label) >= kDatasetClasses;
  };
  if (std::any_of(data.labels.begin(), data.labels.end(), is_wrong)) {
    throw StorageError(StorageFault::kDamaged,
                       path(),
                       "load dataset " + path().string() + ": " + name +
                           "/labels holds a label that is not within 0..9");
  }
  return data;
}

std::span<const std::byte> DatasetReader::array(std::size_t number) const {
  const Extent& place = seal_.extents[number];
  return file_.bytes().subspan(place.offset, place.size);
}

DatasetInfo verify_dataset(const fs::path& path) {
  const DatasetReader reader(path);
  for (std::size_t split = 0; split < kDatasetSplits.size(); ++split) {
    static_cast<void>(reader.load(split));
  }
  return reader.info();
}

}  // namespace glimpse::storage
