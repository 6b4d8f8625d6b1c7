#include "storage/hdf5/hdf5_handle.h"

#include <type_traits>
#include <utility>

#include <hdf5.h>

namespace glimpse::storage {

static_assert(std::is_same_v<hid_t, std::int64_t>, "handles are kept as 64-bit numbers");
static_assert(std::is_same_v<decltype(&H5Fclose), Hdf5Handle::Closer>);

namespace {

// The innermost entry says what really went wrong; the outer ones repeat the call's name.
herr_t take_innermost(unsigned depth, const H5E_error2_t* entry, void* text) noexcept {
  if (depth == 0 && entry->desc != nullptr) {
    *static_cast<std::string*>(text) = entry->desc;
  }
  return 0;
}

std::string library_message() {
  std::string text;
  if (H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take_innermost, &text) < 0 || text.empty()) {
    return "no reason given";
  }
  return text;
}

}  // namespace

Hdf5Handle::~Hdf5Handle() {
  if (is_open()) {
    closer_(id_);
  }
}

Hdf5Handle::Hdf5Handle(Hdf5Handle&& other) noexcept
    : id_(std::exchange(other.id_, -1)), closer_(std::exchange(other.closer_, nullptr)) {}

Hdf5Handle& Hdf5Handle::operator=(Hdf5Handle&& other) noexcept {
  std::swap(id_, other.id_);
  std::swap(closer_, other.closer_);
  return *this;
}

int Hdf5Handle::close() noexcept {
  const Closer closer = std::exchange(closer_, nullptr);
  return closer != nullptr ? closer(std::exchange(id_, -1)) : 0;
}

Hdf5Task::Hdf5Task(std::string action, std::filesystem::path path, StorageFault fault)
    : action_(std::move(action)), path_(std::move(path)), fault_(fault) {
  // The library prints its errors unless told otherwise, thread by thread; and a file may name
  // filters for which it would load code from the disk.
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  H5PLset_loading_state(0);
}

std::int64_t Hdf5Task::check(std::int64_t result, const char* call) const {
  if (result < 0) {
    fail(fault_, std::string(call) + " failed in HDF5 (" + library_message() + ")");
  }
  return result;
}

Hdf5Handle Hdf5Task::own(std::int64_t id, Hdf5Handle::Closer closer, const char* call) const {
  return {check(id, call), closer};
}

void Hdf5Task::fail(StorageFault fault, const std::string& why) const {
  throw StorageError(fault, path_, action_ + " " + path_.string() + ": " + why);
}

}  // namespace glimpse::storage
