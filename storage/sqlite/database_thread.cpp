#include "storage/sqlite/database_thread.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "storage/sqlite/results_store.h"
#include "storage/sqlite/transaction.h"
#include "storage/storage_error.h"

namespace glimpse::storage {
namespace {

// Bounds the wait of the first job of a group, and what a failing commit takes along.
constexpr std::size_t kLargestGroup = 4096;

std::exception_ptr run_alone(ResultsStore& store, const DatabaseThread::Job& job) {
  try {
    Savepoint part(store.database());
    job(store);
    part.commit();
    return nullptr;
  } catch (...) {
    return std::current_exception();
  }
}

// A full disk, an I/O error or a lack of memory makes SQLite roll back on its own, all of it. A job
// that ran on would be committed by itself, whatever the others are then told.
void check_still_open(ResultsStore& store, const std::exception_ptr& error) {
  if (!store.database().is_in_transaction()) {
    std::rethrow_exception(error);
  }
}

}  // namespace

// What nearly always happens. False where a job threw; then none of them has happened.
bool DatabaseThread::run_together(ResultsStore& store, const std::deque<Entry>& group) {
  Transaction whole(store.database());
  try {
    for (const Entry& entry : group) {
      entry.job(store);
    }
  } catch (...) {
    return false;
  }
  whole.commit();
  return true;
}

// A job that throws is undone alone.
void DatabaseThread::run_each(ResultsStore& store,
                              const std::deque<Entry>& group,
                              std::vector<std::exception_ptr>& errors) {
  Transaction whole(store.database());
  for (std::size_t i = 0; i < group.size(); ++i) {
    errors[i] = run_alone(store, group[i].job);
    check_still_open(store, errors[i]);
  }
  whole.commit();
}

DatabaseThread::DatabaseThread(std::filesystem::path path) {
  std::promise<void> opened;
  std::future<void> is_open = opened.get_future();
  thread_ = std::thread([this, path = std::move(path), &opened] { run(path, opened); });
  try {
    is_open.get();
  } catch (...) {
    thread_.join();
    throw;
  }
}

DatabaseThread::~DatabaseThread() {
  stop();
}

void DatabaseThread::post(Job job, Done done) {
  {
    const std::scoped_lock lock(mutex_);
    if (is_closing_) {
      throw StorageError(
          StorageFault::kRefused, {}, "post to the database: its thread has been closed");
    }
    queue_.push_back({.job = std::move(job), .done = std::move(done)});
  }
  wake_.notify_one();
}

std::size_t DatabaseThread::queued() const {
  const std::scoped_lock lock(mutex_);
  return queue_.size();
}

bool DatabaseThread::close() {
  stop();
  if (close_error_) {
    std::rethrow_exception(std::exchange(close_error_, nullptr));
  }
  return is_portable_;
}

void DatabaseThread::stop() noexcept {
  {
    const std::scoped_lock lock(mutex_);
    is_closing_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void DatabaseThread::run(const std::filesystem::path& path, std::promise<void>& opened) noexcept {
  std::unique_ptr<ResultsStore> store;
  try {
    store = std::make_unique<ResultsStore>(path);
  } catch (...) {
    opened.set_exception(std::current_exception());
    return;
  }
  opened.set_value();  // from here on `opened` may be gone
  try {
    run_jobs(*store);
    is_portable_ = store->database().close_cleanly();
  } catch (...) {
    close_error_ = std::current_exception();
  }
}

// Waits for work; empty once closing and all is done.
std::deque<DatabaseThread::Entry> DatabaseThread::take_queue() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return is_closing_ || !queue_.empty(); });
  std::deque<Entry> group;
  if (queue_.size() <= kLargestGroup) {
    group.swap(queue_);
  } else {
    const auto end = queue_.begin() + kLargestGroup;
    std::move(queue_.begin(), end, std::back_inserter(group));
    queue_.erase(queue_.begin(), end);
  }
  return group;
}

void DatabaseThread::run_jobs(ResultsStore& store) {
  for (std::deque<Entry> group = take_queue(); !group.empty(); group = take_queue()) {
    std::vector<std::exception_ptr> errors(group.size());
    try {
      if (!run_together(store, group)) {
        run_each(store, group, errors);
      }
    } catch (...) {
      // Nothing of the group is durable; a job's own error says more than that of the commit.
      for (std::exception_ptr& error : errors) {
        error = error ? error : std::current_exception();
      }
    }
    for (std::size_t i = 0; i < group.size(); ++i) {
      group[i].done(errors[i]);
    }
  }
}

}  // namespace glimpse::storage
