#pragma once

// A disk in memory whose power can be cut. While one of these lives, every database of this process
// is on it. Writes that were not synced when the power went are lost, kept or torn by lot, each by
// itself, as a disk with a cache of its own would do.

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

struct sqlite3_vfs;

namespace glimpse::tests {

class PowerLossVfs {
 public:
  PowerLossVfs();
  ~PowerLossVfs();
  PowerLossVfs(const PowerLossVfs&) = delete;
  PowerLossVfs& operator=(const PowerLossVfs&) = delete;
  PowerLossVfs(PowerLossVfs&&) = delete;
  PowerLossVfs& operator=(PowerLossVfs&&) = delete;

  // The power goes with the n-th write, truncation or sync from now on, which may be done in part.
  void cut_power_at(std::uint64_t operation);
  void cut_power() { has_power_ = false; }
  [[nodiscard]] bool has_power() const { return has_power_; }
  [[nodiscard]] std::uint64_t operations() const { return operations_; }

  // Power comes back, and with it what the disk holds. Connections must be closed before.
  void restore_power(std::uint64_t seed);

  struct Write {
    std::size_t offset = 0;
    std::string bytes = {};
    bool is_truncation = false;  // to `offset`
  };
  struct Disk {
    std::string durable = {};
    std::string current = {};
    std::vector<Write> pending = {};
    std::vector<std::unique_ptr<char[]>> shared = {};  // memory of the log's index
  };

  // For the callbacks of SQLite.
  [[nodiscard]] std::shared_ptr<Disk> find(const std::string& path) const;
  std::shared_ptr<Disk> make(const std::string& path);
  void remove(const std::string& path);
  // Counts an operation; false when there is no power for it.
  bool begin_operation();

 private:
  std::unique_ptr<sqlite3_vfs> vfs_;
  std::map<std::string, std::shared_ptr<Disk>> files_;
  bool has_power_ = true;
  std::uint64_t operations_ = 0;
  std::uint64_t cut_at_ = 0;
};

}  // namespace glimpse::tests
