#pragma once

// Looks for damage and for states that no run of the program leaves behind.

#include <string>
#include <vector>

namespace glimpse::storage {

class Database;

// One line per problem, empty when all is well. Works on a read-only connection; reads every page.
std::vector<std::string> verify_results(Database& database);

}  // namespace glimpse::storage
