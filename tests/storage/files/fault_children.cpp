#include "tests/storage/files/fault_children.h"

#include <stdexcept>

#include "tests/support/child.h"

namespace glimpse::tests {

int run_child(const std::vector<std::string>& arguments) {
  const std::string& name = arguments.at(0);
  const std::string& path = arguments.at(1);
  if (name == "atomic-file") {
    replace_file_atomically(path);
  } else if (name == "journal" || name == "patient-journal") {
    append_to_journal(path, name == "patient-journal");
  } else if (name == "lock" || name == "heartbeat") {
    acquire_lock(name, path, arguments.size() < 3);
  } else {
    throw std::invalid_argument("no child called " + name);
  }
  return 0;
}

}  // namespace glimpse::tests
