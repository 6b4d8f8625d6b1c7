#include "storage/hdf5/dataset_writer.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "storage/hdf5/dataset_skeleton.h"

namespace glimpse::storage {
namespace {

// Read-only for everybody: a dataset is written once.
constexpr unsigned kPermissions = 0444;

const DatasetInfo& checked(const DatasetInfo& info) {
  const std::string problem = dataset_info_problem(info);
  if (!problem.empty()) {
    throw std::invalid_argument("write a dataset: " + problem);
  }
  return info;
}

void write_skeleton(AtomicFile& file, const DatasetSkeleton& skeleton) {
  const auto bytes = skeleton.bytes();
  for (const Extent& part : structure_parts(bytes.size(), skeleton.extents())) {
    file.write_at(part.offset, bytes.subspan(part.offset, part.size));
  }
  const std::string seal =
      render_seal({.file_size = bytes.size(),
                   .extents = skeleton.extents(),
                   .structure_xxh3 = hash_structure(bytes, skeleton.extents())});
  file.write_at(0, std::as_bytes(std::span(seal)));
}

}  // namespace

DatasetWriter::DatasetWriter(const std::filesystem::path& path, const DatasetInfo& info)
    : info_(checked(info)),
      file_(path, {.permissions = kPermissions}),
      extents_(DatasetSkeleton(info_, path).extents()) {}

void DatasetWriter::append(std::size_t split,
                           std::span<const std::uint8_t> images,
                           std::span<const std::uint8_t> labels) {
  const std::uint64_t count = images.size() / info_.image_bytes();
  Progress& progress = progress_.at(split);
  if (images.size() != count * info_.image_bytes() ||
      labels.size() != count * info_.labels_per_image ||
      count > info_.splits[split].count - progress.count) {
    throw std::invalid_argument("write a dataset: images or labels do not fit what was announced");
  }
  if (std::any_of(
          labels.begin(), labels.end(), [](int label) { return label >= kDatasetClasses; })) {
    throw std::invalid_argument("write a dataset: a label is not within 0..9");
  }
  const auto write = [&](const Extent& extent, std::uint64_t item, auto bytes, Xxh3& hash) {
    file_.write_at(extent.offset + progress.count * item, std::as_bytes(bytes));
    hash.update(std::as_bytes(bytes));
  };
  write(extents_[2 * split], info_.image_bytes(), images, progress.images);
  write(extents_[2 * split + 1], info_.labels_per_image, labels, progress.labels);
  progress.count += count;
}

DatasetInfo DatasetWriter::commit() {
  for (std::size_t i = 0; i < progress_.size(); ++i) {
    if (progress_[i].count != info_.splits[i].count) {
      throw std::invalid_argument("write a dataset: images of " + std::string(kDatasetSplits[i]) +
                                  " are missing");
    }
    info_.splits[i].images_xxh3 = progress_[i].images.digest();
    info_.splits[i].labels_xxh3 = progress_[i].labels.digest();
  }
  const DatasetSkeleton skeleton(info_, file_.path());
  if (skeleton.extents() != extents_) {
    throw std::logic_error("HDF5 placed the arrays of the same dataset differently");
  }
  write_skeleton(file_, skeleton);
  file_.commit();
  return info_;
}

}  // namespace glimpse::storage
