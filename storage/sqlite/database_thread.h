#pragma once

// The coordinator's thread for the database. Jobs wait in a queue and run in order; jobs that wait
// together share one transaction, so a thousand results cost one wait for the disk. A job's answer
// is given after its transaction is on the disk. Any thread may post; the queue never blocks it.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace glimpse::storage {

class ResultsStore;

class DatabaseThread {
 public:
  // Runs again where a job that shared its transaction threw, after all was rolled back.
  using Job = std::function<void(ResultsStore&)>;
  // Called on the database's thread, with null once the job is durable, else with what went wrong.
  // Must not throw, block or wait for another job.
  using Done = std::function<void(std::exception_ptr)>;

  // Opens the database on the new thread and returns when that is done; throws what it threw.
  explicit DatabaseThread(std::filesystem::path path);
  // Runs what is queued, then closes. close() is the twin that can tell of errors.
  ~DatabaseThread();
  DatabaseThread(const DatabaseThread&) = delete;
  DatabaseThread& operator=(const DatabaseThread&) = delete;
  DatabaseThread(DatabaseThread&&) = delete;
  DatabaseThread& operator=(DatabaseThread&&) = delete;

  // A job that throws is undone alone; a commit that fails fails all jobs that shared it.
  void post(Job job, Done done);

  // The same, for callers who may wait: the future holds the job's value, or throws its error.
  template <class Function>
  std::future<std::invoke_result_t<Function, ResultsStore&>> submit(Function function) {
    using Value = std::invoke_result_t<Function, ResultsStore&>;
    auto promise = std::make_shared<std::promise<Value>>();
    std::future<Value> future = promise->get_future();
    if constexpr (std::is_void_v<Value>) {
      post(std::move(function), [promise](const std::exception_ptr& error) {
        error ? promise->set_exception(error) : promise->set_value();
      });
    } else {
      auto value = std::make_shared<std::optional<Value>>();
      post([value, function = std::move(function)](
               ResultsStore& store) mutable { value->emplace(function(store)); },
           [value, promise](const std::exception_ptr& error) {
             error ? promise->set_exception(error) : promise->set_value(std::move(**value));
           });
    }
    return future;
  }

  [[nodiscard]] std::size_t queued() const;

  // Runs what is queued, folds the log into the file (Database::close_cleanly) and ends the thread.
  // True when a read-only user can open the file now. Later posts are refused.
  bool close();

 private:
  struct Entry {
    Job job;
    Done done;
  };

  void run(const std::filesystem::path& path, std::promise<void>& opened) noexcept;
  static bool run_together(ResultsStore& store, const std::deque<Entry>& group);
  static void run_each(ResultsStore& store,
                       const std::deque<Entry>& group,
                       std::vector<std::exception_ptr>& errors);
  void run_jobs(ResultsStore& store);
  std::deque<Entry> take_queue();
  void stop() noexcept;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Entry> queue_;
  bool is_closing_ = false;
  bool is_portable_ = false;        // written before the thread ends, read after the join
  std::exception_ptr close_error_;  // likewise
  std::thread thread_;
};

}  // namespace glimpse::storage
