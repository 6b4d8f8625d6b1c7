#include <cstdio>
#include <exception>

#include <gtest/gtest.h>

#include "tests/support/child.h"

namespace glimpse::tests {

std::vector<std::string> child_command(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"/proc/self/exe", "--child"});
  return arguments;
}

}  // namespace glimpse::tests

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv, argv + argc);
  if (arguments.size() < 2 || arguments[1] != "--child") {
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
  }
  try {
    return glimpse::tests::run_child({arguments.begin() + 2, arguments.end()});
  } catch (const glimpse::storage::StorageError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return glimpse::tests::exit_code_of(error.fault());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
