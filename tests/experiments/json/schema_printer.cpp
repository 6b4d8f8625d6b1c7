// Prints the JSON Schema of studies for the judge beside it.

#include <cstdio>

#include "experiments/json/study_schema.h"

int main() {
  const std::string schema = glimpse::experiments::render_schema();
  return std::fwrite(schema.data(), 1, schema.size(), stdout) == schema.size() ? 0 : 1;
}
