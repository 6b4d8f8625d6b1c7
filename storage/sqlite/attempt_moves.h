#pragma once

// Folders of attempts that a merge gave new numbers and that lie elsewhere still. The list is part
// of the merge's own commit, so a merge that is cut off can be finished, and nothing else may use
// the folders before. They move in two steps, because numbers may be swapped: all go aside, then
// all to their places. Same thread as its Database.

#include <cstdint>
#include <string>
#include <vector>

namespace glimpse::storage {

class Database;

struct AttemptMove {
  std::string run_id = {};
  std::string uid = {};
  std::uint64_t from = 0;
  std::uint64_t to = 0;
};

class AttemptMoves {
 public:
  explicit AttemptMoves(Database& database) : database_(&database) {}

  [[nodiscard]] std::vector<AttemptMove> list() const;
  // Whether the first step was done. Only while it was not may a folder with an old number be taken
  // for that of its old owner.
  [[nodiscard]] bool are_aside() const;
  void set_aside();
  // After the second step.
  void clear();

 private:
  Database* database_;
};

}  // namespace glimpse::storage
