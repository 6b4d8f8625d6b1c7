#include "launcher/result_files.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "experiments/hash/sha256.h"
#include "launcher/dataset_store.h"
#include "launcher/results.h"
#include "storage/files/atomic_file.h"
#include "storage/files/file_io.h"
#include "storage/sqlite/ledger_reader.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using storage::FileDescriptor;
using storage::ResultsFolder;
using storage::StorageError;
using storage::StorageFault;

struct AttemptName {
  std::string run_id;
  std::uint64_t number = 0;
};
using AttemptNames = std::map<std::string, AttemptName>;  // by uid, unique among all databases

AttemptNames attempt_names(const fs::path& database) {
  AttemptNames names;
  storage::Query query(database);
  for (const reports::Row& row :
       query_table(query, "select uid, run_id, attempt from v_attempts").rows) {
    names[reports::render_exact(row[0])] = {
        reports::render_exact(row[1]), static_cast<std::uint64_t>(std::get<std::int64_t>(row[2]))};
  }
  return names;
}

using Block = std::array<std::byte, std::size_t{256} << 10>;

// Fills the block as far as the file goes.
std::span<const std::byte> read_block(const FileDescriptor& file,
                                      Block& block,
                                      const fs::path& path) {
  std::size_t size = 0;
  for (std::size_t got = 1; got > 0 && size < block.size(); size += got) {
    got = storage::read_some(file, std::span(block).subspan(size), path);
  }
  return std::span(block).first(size);
}

using RemovedFiles = std::set<std::pair<std::string, std::string>>;  // uid of attempt, file

RemovedFiles removed_files(const fs::path& database) {
  storage::Database opened(database, storage::OpenMode::kReadOnly);
  RemovedFiles files;
  for (const storage::RemovedFile& removed : storage::LedgerReader(opened).removed_files()) {
    files.emplace(removed.uid, removed.file);
  }
  return files;
}

class Copier {
 public:
  explicit Copier(Log& log)
      : log_(log), left_(std::make_unique<Block>()), right_(std::make_unique<Block>()) {}

  // Whether something was copied. Files of a run are written once or grow at their end, so of two
  // copies the longer one is the newer.
  bool refresh(const fs::path& from, const fs::path& to) {
    if (!is_plain(from)) {
      log_.warn("merge: " + from.string() + " is no plain file and was not copied");
      return false;
    }
    const FileDescriptor file = storage::open_plain_file(from);
    if (fs::exists(to) && fs::file_size(to) >= storage::file_size(file, from)) {
      return false;
    }
    copy(file, from, to);
    return true;
  }

  // `is_wanted` is asked for the names in the folder itself.
  template <class Predicate>
  bool refresh_folder(const fs::path& from, const fs::path& to, const Predicate& is_wanted) {
    bool is_new = false;
    for (const auto& entry : fs::directory_iterator(from)) {
      const fs::path name = entry.path().filename();
      if (!is_wanted(name.string())) {
        continue;
      }
      if (fs::is_directory(entry.symlink_status())) {
        is_new = refresh_folder(entry.path(), to / name, is_finished) || is_new;
      } else {
        is_new = refresh(entry.path(), to / name) || is_new;
      }
    }
    return is_new;
  }

  static bool is_finished(const std::string& name) { return !storage::is_temporary_name(name); }

  void copy(const fs::path& from, const fs::path& to) {
    copy(storage::open_plain_file(from), from, to);
  }

  // Whether the shorter of two files is the beginning of the longer.
  bool is_one_story(const fs::path& left, const fs::path& right) {
    const FileDescriptor left_file = storage::open_plain_file(left);
    const FileDescriptor right_file = storage::open_plain_file(right);
    while (true) {
      const auto left_part = read_block(left_file, *left_, left);
      const auto right_part = read_block(right_file, *right_, right);
      const std::size_t size = std::min(left_part.size(), right_part.size());
      if (!std::ranges::equal(left_part.first(size), right_part.first(size))) {
        return false;
      }
      if (size < left_->size()) {
        return true;
      }
    }
  }

 private:
  static bool is_plain(const fs::path& path) {
    return fs::is_regular_file(fs::symlink_status(path));
  }

  void copy(const FileDescriptor& file, const fs::path& from, const fs::path& to) {
    storage::make_durable_folders(to.parent_path());
    storage::AtomicFile out(to);
    for (auto part = read_block(file, *left_, from); !part.empty();
         part = read_block(file, *left_, from)) {
      out.write(part);
    }
    out.commit();
  }

  Log& log_;
  std::unique_ptr<Block> left_;
  std::unique_ptr<Block> right_;
};

bool is_text_of(const fs::path& file) {
  const std::string hash = sha256_of_file(file.string());
  return !hash.empty() && hash.substr(0, 32) == file.stem().string();
}

// Their names are their hashes, so a text that is not what its name says is told from a whole one.
void copy_studies(const ResultsFolder& from, const ResultsFolder& to, Copier& copier, Log& log) {
  for (const std::string& hash : from.list_studies()) {
    const fs::path file = from.study_file(hash);
    if (!is_text_of(file)) {
      log.warn("merge: " + file.string() +
               " is damaged and was not copied: it does not match the hash in its name");
    } else if (!is_text_of(to.study_file(hash))) {
      copier.copy(file, to.study_file(hash));
    }
  }
}

void check_same_attempt(const storage::AttemptFolder& from,
                        const storage::AttemptFolder& to,
                        Copier& copier) {
  if (fs::is_regular_file(from.journal()) && fs::is_regular_file(to.journal()) &&
      !copier.is_one_story(from.journal(), to.journal())) {
    throw StorageError(StorageFault::kRefused,
                       to.path,
                       "copy " + from.path.string() + " to " + to.path.string() +
                           ": the journal there is that of another attempt (move the folder out of "
                           "the way and merge again)");
  }
}

}  // namespace

std::size_t copy_result_files(const ResultFiles& from, const ResultFiles& to, Log& log) {
  Copier copier(log);
  copy_studies(from.folder, to.folder, copier, log);
  const AttemptNames names = attempt_names(to.database);
  const RemovedFiles removed = removed_files(to.database);
  std::size_t copied = 0;
  for (const auto& [uid, name] : attempt_names(from.database)) {
    const auto there = names.find(uid);
    const storage::AttemptFolder old = from.folder.attempt_folder(name.run_id, name.number);
    if (there == names.end() || !fs::is_directory(old.path)) {
      continue;
    }
    const fs::path trial = from.folder.trial_file(name.run_id);
    if (fs::exists(fs::symlink_status(trial))) {
      copier.refresh(trial, to.folder.trial_file(name.run_id));
    }
    const auto is_wanted = [&, &uid = uid](const std::string& file) {
      return Copier::is_finished(file) && !removed.contains({uid, file});
    };
    const storage::AttemptFolder ours = to.folder.attempt_folder(name.run_id, there->second.number);
    check_same_attempt(old, ours, copier);
    copied += copier.refresh_folder(old.path, ours.path, is_wanted) ? 1U : 0U;
  }
  return copied;
}

}  // namespace glimpse::launcher
