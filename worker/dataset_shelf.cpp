#include "worker/dataset_shelf.h"

namespace glimpse::worker {

void DatasetShelf::open(const std::filesystem::path& path) {
  if (reader_ && reader_->path() == path) {
    return;
  }
  reader_ = nullptr;
  auto reader = std::make_unique<storage::DatasetReader>(path);
  for (std::size_t split = 0; split < splits_.size(); ++split) {
    splits_.at(split) = reader->load(split);
  }
  reader_ = std::move(reader);
}

experiments::ImageShape DatasetShelf::shape() const {
  return {.width = static_cast<int>(info().width),
          .height = static_cast<int>(info().height),
          .digits = static_cast<int>(info().labels_per_image),
          .classes = storage::kDatasetClasses};
}

}  // namespace glimpse::worker
