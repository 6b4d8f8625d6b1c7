#include "worker/checkpoint_writer.h"

#include <utility>

#include "storage/safetensors/checkpoint.h"

namespace glimpse::worker {

namespace fs = std::filesystem;

CheckpointWriter::CheckpointWriter(Place place,
                                   std::function<void(const WrittenCheckpoint&)> report)
    : place_(std::move(place)),
      report_(std::move(report)),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

CheckpointWriter::~CheckpointWriter() = default;

void CheckpointWriter::wait_until_idle(std::unique_lock<std::mutex>& lock) {
  changed_.wait(lock, [this] { return !job_; });
  if (failure_) {
    std::rethrow_exception(std::exchange(failure_, nullptr));
  }
}

void CheckpointWriter::submit(const Position& position, std::vector<SavedTensor> tensors) {
  std::unique_lock lock(mutex_);
  wait_until_idle(lock);
  job_.emplace(Job{position, std::move(tensors)});
  changed_.notify_all();
}

std::optional<std::string> CheckpointWriter::finish() {
  std::unique_lock lock(mutex_);
  wait_until_idle(lock);
  return newest_;
}

void CheckpointWriter::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  // A job that was taken is done, whatever was asked meanwhile.
  while (changed_.wait(lock, stop, [this] { return job_.has_value(); })) {
    lock.unlock();
    std::exception_ptr failure;
    try {
      write(*job_);  // nobody else touches a job that stands
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    failure_ = failure;
    job_.reset();
    changed_.notify_all();
  }
}

void CheckpointWriter::write(const Job& job) {
  std::vector<storage::TensorView> views;
  views.reserve(job.tensors.size());
  for (const SavedTensor& tensor : job.tensors) {
    views.push_back(tensor.view());
  }
  const int completed = job.position.epoch - 1;
  const fs::path path = storage::write_checkpoint(place_.folder,
                                                  {.key = place_.key,
                                                   .attempt = place_.attempt,
                                                   .step = job.position.step,
                                                   .epoch = static_cast<std::uint64_t>(completed),
                                                   .counters = render_counters(job.position)},
                                                  views);
  const std::string file = path.filename().string();
  newest_ = file;
  if (const auto name = storage::try_parse_checkpoint_name(file)) {
    remove_old(*name);
  }
  report_(
      {.file = file, .step = job.position.step, .epoch = completed, .bytes = fs::file_size(path)});
}

// Those of older attempts are not ours to touch.
void CheckpointWriter::remove_old(const storage::CheckpointName& newest) const {
  std::vector<storage::CheckpointName> names;
  for (const storage::CheckpointPath& found : storage::list_checkpoints(place_.folder)) {
    names.push_back(found.name);
  }
  for (const storage::CheckpointName& name : storage::pick_replaced_checkpoints(names, newest)) {
    std::error_code ignored;  // what stays is only disk space
    fs::remove(place_.folder / storage::render_checkpoint_name(name), ignored);
  }
}

}  // namespace glimpse::worker
