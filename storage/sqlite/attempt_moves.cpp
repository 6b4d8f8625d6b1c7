#include "storage/sqlite/attempt_moves.h"

#include "storage/sqlite/database.h"
#include "storage/sqlite/statement.h"

namespace glimpse::storage {

std::vector<AttemptMove> AttemptMoves::list() const {
  std::vector<AttemptMove> moves;
  Rows rows = database_
                  ->prepared(
                      "SELECT t.run_id, a.uid, m.old_number, a.number FROM attempt_moves m"
                      " JOIN attempts a ON a.id = m.attempt JOIN trials t ON t.id = a.trial"
                      " ORDER BY t.key, a.number")
                  .query();
  while (rows.next()) {
    moves.push_back({.run_id = rows.text(0),
                     .uid = rows.text(1),
                     .from = static_cast<std::uint64_t>(rows.integer(2)),
                     .to = static_cast<std::uint64_t>(rows.integer(3))});
  }
  return moves;
}

bool AttemptMoves::are_aside() const {
  return database_->prepared("SELECT 1 FROM attempt_moves WHERE is_aside LIMIT 1")
      .find_integer()
      .has_value();
}

void AttemptMoves::set_aside() {
  database_->execute("UPDATE attempt_moves SET is_aside = 1");
}

void AttemptMoves::clear() {
  database_->execute("DELETE FROM attempt_moves");
}

}  // namespace glimpse::storage
