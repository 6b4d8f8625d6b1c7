#include "tests/storage/sqlite/power_loss_vfs.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include <sqlite3.h>

namespace glimpse::tests {
namespace {

// What a disk writes whole.
constexpr std::size_t kSector = 512;

// Begins with SQLite's part, as its interface wants it.
struct File {
  sqlite3_file base;
  PowerLossVfs* vfs;
  std::shared_ptr<PowerLossVfs::Disk>* disk;
};

File* as_file(sqlite3_file* file) {
  return reinterpret_cast<File*>(file);
}

PowerLossVfs::Disk& disk_of(sqlite3_file* file) {
  return **as_file(file)->disk;
}

PowerLossVfs* as_vfs(sqlite3_vfs* vfs) {
  return static_cast<PowerLossVfs*>(vfs->pAppData);
}

void put(std::string& content, const PowerLossVfs::Write& write) {
  if (write.is_truncation) {
    content.resize(std::min(content.size(), write.offset));
    return;
  }
  content.resize(std::max(content.size(), write.offset + write.bytes.size()));
  content.replace(write.offset, write.bytes.size(), write.bytes);
}

// Some sectors of it, at least none and at most all.
void put_torn(std::string& content, const PowerLossVfs::Write& write, std::mt19937_64& random) {
  for (std::size_t i = 0; i < write.bytes.size(); i += kSector) {
    if (random() % 2 == 0) {
      put(content, {.offset = write.offset + i, .bytes = write.bytes.substr(i, kSector)});
    }
  }
}

int close_file(sqlite3_file* file) {
  delete as_file(file)->disk;
  return SQLITE_OK;
}

int read_file(sqlite3_file* file, void* into, int size, sqlite3_int64 offset) {
  const std::string& content = disk_of(file).current;
  const auto wanted = static_cast<std::size_t>(size);
  const auto first = std::min(static_cast<std::size_t>(offset), content.size());
  const std::size_t there = std::min(wanted, content.size() - first);
  std::memcpy(into, content.data() + first, there);
  std::memset(static_cast<char*>(into) + there, 0, wanted - there);
  return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int do_write(sqlite3_file* file, PowerLossVfs::Write write) {
  const bool has_power = as_file(file)->vfs->begin_operation();
  PowerLossVfs::Disk& disk = disk_of(file);
  if (!has_power) {
    disk.pending.push_back(std::move(write));  // the one that was under way
    return SQLITE_IOERR_WRITE;
  }
  put(disk.current, write);
  disk.pending.push_back(std::move(write));
  return SQLITE_OK;
}

int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
  if (!as_file(file)->vfs->has_power()) {
    return SQLITE_IOERR_WRITE;
  }
  return do_write(
      file,
      {.offset = static_cast<std::size_t>(offset),
       .bytes = std::string(static_cast<const char*>(from), static_cast<std::size_t>(size))});
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  if (!as_file(file)->vfs->has_power()) {
    return SQLITE_IOERR_TRUNCATE;
  }
  return do_write(file, {.offset = static_cast<std::size_t>(size), .is_truncation = true});
}

int sync_file(sqlite3_file* file, int /*flags*/) {
  if (!as_file(file)->vfs->begin_operation()) {
    return SQLITE_IOERR_FSYNC;
  }
  PowerLossVfs::Disk& disk = disk_of(file);
  disk.durable = disk.current;
  disk.pending.clear();
  return SQLITE_OK;
}

int size_file(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(disk_of(file).current.size());
  return SQLITE_OK;
}

// One connection at a time, so every lock is free.
int lock(sqlite3_file* /*file*/, int /*level*/) {
  return SQLITE_OK;
}

int check_lock(sqlite3_file* /*file*/, int* is_held) {
  *is_held = 0;
  return SQLITE_OK;
}

int control(sqlite3_file* /*file*/, int /*operation*/, void* /*argument*/) {
  return SQLITE_NOTFOUND;
}

int sector_size(sqlite3_file* /*file*/) {
  return 4096;
}

// As SQLite assumes of real disks.
int characteristics(sqlite3_file* /*file*/) {
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int map_shared(sqlite3_file* file, int region, int size, int may_extend, void volatile** memory) {
  auto& shared = disk_of(file).shared;
  while (may_extend != 0 && shared.size() <= static_cast<std::size_t>(region)) {
    shared.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
  }
  *memory = static_cast<std::size_t>(region) < shared.size()
                ? shared[static_cast<std::size_t>(region)].get()
                : nullptr;
  return SQLITE_OK;
}

int lock_shared(sqlite3_file* /*file*/, int /*offset*/, int /*count*/, int /*flags*/) {
  return SQLITE_OK;
}

void barrier(sqlite3_file* /*file*/) {}

int unmap_shared(sqlite3_file* file, int is_delete) {
  if (is_delete != 0) {
    disk_of(file).shared.clear();
  }
  return SQLITE_OK;
}

const sqlite3_io_methods kMethods = {2,
                                     close_file,
                                     read_file,
                                     write_file,
                                     truncate_file,
                                     sync_file,
                                     size_file,
                                     lock,
                                     lock,
                                     check_lock,
                                     control,
                                     sector_size,
                                     characteristics,
                                     map_shared,
                                     lock_shared,
                                     barrier,
                                     unmap_shared,
                                     nullptr,
                                     nullptr};

int open_file(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out) {
  PowerLossVfs* self = as_vfs(vfs);
  const std::string path = name == nullptr ? "(temporary)" : name;
  std::shared_ptr<PowerLossVfs::Disk> disk = self->find(path);
  if (disk == nullptr && (flags & SQLITE_OPEN_CREATE) == 0) {
    return SQLITE_CANTOPEN;
  }
  if (disk == nullptr) {
    disk = self->make(path);
  }
  *as_file(file) = {.base = {&kMethods},
                    .vfs = self,
                    .disk = new std::shared_ptr<PowerLossVfs::Disk>(std::move(disk))};
  if (out != nullptr) {
    *out = flags;
  }
  return SQLITE_OK;
}

int delete_file(sqlite3_vfs* vfs, const char* name, int /*sync*/) {
  if (!as_vfs(vfs)->has_power()) {
    return SQLITE_IOERR_DELETE;
  }
  as_vfs(vfs)->remove(name);
  return SQLITE_OK;
}

int access_file(sqlite3_vfs* vfs, const char* name, int /*flags*/, int* is_there) {
  *is_there = as_vfs(vfs)->find(name) != nullptr ? 1 : 0;
  return SQLITE_OK;
}

int full_path(sqlite3_vfs* /*vfs*/, const char* name, int size, char* into) {
  sqlite3_snprintf(size, into, "%s", name);
  return SQLITE_OK;
}

}  // namespace

PowerLossVfs::PowerLossVfs() : vfs_(std::make_unique<sqlite3_vfs>(*sqlite3_vfs_find("unix"))) {
  vfs_->pNext = nullptr;
  vfs_->zName = "power-loss";
  vfs_->szOsFile = sizeof(File);
  vfs_->pAppData = this;
  vfs_->xOpen = open_file;
  vfs_->xDelete = delete_file;
  vfs_->xAccess = access_file;
  vfs_->xFullPathname = full_path;
  sqlite3_vfs_register(vfs_.get(), 1);
}

PowerLossVfs::~PowerLossVfs() {
  sqlite3_vfs_unregister(vfs_.get());
}

void PowerLossVfs::cut_power_at(std::uint64_t operation) {
  operations_ = 0;
  cut_at_ = operation;
}

bool PowerLossVfs::begin_operation() {
  if (has_power_ && ++operations_ == cut_at_) {
    has_power_ = false;
  }
  return has_power_;
}

void PowerLossVfs::restore_power(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  for (auto& [path, disk] : files_) {
    for (const Write& write : disk->pending) {
      switch (random() % 3) {
        case 0:
          break;  // lost
        case 1:
          put(disk->durable, write);
          break;
        default:
          put_torn(disk->durable, write, random);
      }
    }
    disk->pending.clear();
    disk->shared.clear();
    disk->current = disk->durable;
  }
  has_power_ = true;
  cut_at_ = 0;
}

std::shared_ptr<PowerLossVfs::Disk> PowerLossVfs::find(const std::string& path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : found->second;
}

std::shared_ptr<PowerLossVfs::Disk> PowerLossVfs::make(const std::string& path) {
  return files_[path] = std::make_shared<Disk>();
}

void PowerLossVfs::remove(const std::string& path) {
  files_.erase(path);
}

}  // namespace glimpse::tests
