#pragma once

// Trials as lines of parallel coordinates. Pure.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/charts/parallel_chart.h"
#include "reports/html/page_content.h"

namespace glimpse::reports {

// `number` tells the drawing from others of the same trials on the page.
ParallelChart make_parallel(const ParameterContent& content, std::size_t number, int decimals);

// The best trials, in their own order: more lines than that show nothing, and make large pages.
inline constexpr std::size_t kMostTrials = 1000;
std::vector<TrialPoint> keep_best(const ParameterContent& content, std::size_t most);

// As much of a run's id as tells it from the others of a study.
std::string short_run(std::string_view run_id);

Element value_cell(const std::optional<experiments::Value>& value);

}  // namespace glimpse::reports
