#include "experiments/json/study_places.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "experiments/json/study_json.h"
#include "experiments/plan/plan.h"

namespace glimpse::experiments {
namespace {}  // namespace
}  // namespace glimpse::experiments
