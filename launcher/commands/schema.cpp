#include "launcher/commands/schema.h"

#include "experiments/json/study_schema.h"

namespace glimpse::launcher {

int schema(const SchemaOptions& /*options*/, Env& env) {
  env.out << experiments::render_schema() << '\n';
  return 0;
}

}  // namespace glimpse::launcher
