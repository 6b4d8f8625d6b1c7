#pragma once

// Whether a study is the one that a paper's figures were measured by. Its figures are judged only
// where nothing that decides a run's numbers differs. Pure.

#include <span>
#include <string>
#include <vector>

#include "experiments/study.h"
#include "experiments/value.h"

namespace glimpse::reports {

// The first of the studies whose published figures this one repeats: another study with the same
// figure at the same place of the same table. Null where it repeats nobody's.
const experiments::Study* find_protocol(const experiments::Study& study,
                                        std::span<const experiments::Study> studies);

struct PlannedStudy {
  const experiments::Study& study;
  std::span<const experiments::Assignment> configurations;
};

// One line per value: "epochs: 60 instead of 300". Only cells that both have are compared.
std::vector<std::string> find_deviations(const PlannedStudy& ours, const PlannedStudy& protocol);
// The same of a study that repeats nobody's figures: built-in digits compare with nothing.
std::vector<std::string> find_deviations(const PlannedStudy& ours);

}  // namespace glimpse::reports
