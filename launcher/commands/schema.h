#pragma once

// `glimpse schema`: the JSON Schema of a study file, for editors.

#include "launcher/env.h"

namespace glimpse::launcher {

struct SchemaOptions {
  CommonOptions common;
};

int schema(const SchemaOptions& options, Env& env);

}  // namespace glimpse::launcher
