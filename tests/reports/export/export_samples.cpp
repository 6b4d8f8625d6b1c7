// For the judges: fills a results folder with the study "sweep".

#include <cstdio>
#include <exception>

#include "tests/reports/export/export_results.h"

int main(int argc, char** argv) {
  try {
    if (argc == 2) {
      glimpse::tests::make_sweep(argv[1]);
      return 0;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 64;
}
