#include "experiments/plan/plan_rows.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <unordered_map>
#include <utility>

#include "experiments/model_table.h"
#include "experiments/parameter_lookup.h"
#include "experiments/plan/grid_size.h"
#include "experiments/plan_limits.h"

namespace glimpse::experiments {
namespace {

// A list of thousands of lines helps nobody.
constexpr std::size_t kMostIssues = 20;
// Past this the plan gives up: every issue is looked up in the study's points.
constexpr std::size_t kGivesUp = 1000;

constexpr const char* kSchedule = "schedule";

// Names whose values the plan asks for although they may be no columns.
std::vector<std::string> names_asked_for(const Study& study) {
  std::vector<std::string> names = names_for_keys(study);
  for (const Assignment& pairs : study.exclude) {
    for (const auto& [name, value] : pairs) {
      names.push_back(name);
    }
  }
  if (!study.continue_from.empty()) {
    names.emplace_back(kSchedule);
  }
  if (study.table) {
    names.push_back(study.table->rows);
    names.push_back(study.table->columns);
  }
  return names;
}

Condition as_condition(const Assignment& pairs) {
  Condition condition;
  for (const auto& [name, value] : pairs) {
    condition.emplace(name, std::vector<Value>{value});
  }
  return condition;
}

}  // namespace

void PlanIssues::add(const Issue& issue) {
  if (seen_.emplace(issue.pointer, issue.message).second) {
    issues_.push_back(issue);
  }
}

bool PlanIssues::is_full() const {
  return issues_.size() >= kGivesUp;
}

void PlanIssues::throw_if_any(const Study& study) {
  if (issues_.size() > kMostIssues) {
    const std::size_t more = issues_.size() - kMostIssues;
    issues_.resize(kMostIssues);
    const std::string number =
        (more + kMostIssues < kGivesUp ? "" : "at least ") + std::to_string(more);
    issues_.push_back({.pointer = "", .message = "and " + number + " more"});
  }
  if (!issues_.empty()) {
    throw StudyError(study.name, issues_);
  }
}

PlanRows::PlanRows(const Study& study, const PlanRowInputs& inputs, Proposals proposals)
    : study_(study),
      columns_(std::move(proposals.columns)),
      graph_(study, columns_, names_asked_for(study)),
      keys_(study, columns_, graph_, inputs.hash_file),
      state_(graph_.make_state()) {
  for (const Assignment& pairs : study.exclude) {
    excludes_.push_back({graph_.compile(as_condition(pairs)), false});
  }
  applies_.resize(width(), false);
  for (std::size_t i = 0; i < proposals.configurations; ++i) {
    keep_or_drop(std::span(proposals.cells).subspan(i * width(), width()), inputs.shape_of);
  }
  check_rows();
  if (study.run_cap) {
    count_ = std::min(count_, static_cast<std::size_t>(*study.run_cap));
    cells_.resize(count_ * width());
  }
}

// Cells are pruned already, so this changes none of them; it finds what holds there.
ConfigurationView PlanRows::look_at(std::size_t configuration) {
  const auto cells = std::span(cells_).subspan(configuration * width(), width());
  graph_.prune(cells, state_);
  return {cells, state_};
}

KeyMaker PlanRows::make_key_maker(std::size_t configuration) {
  return keys_.make_key_maker(look_at(configuration));
}

void PlanRows::keep_or_drop(std::span<std::uint32_t> cells, const ShapeReader& shape_of) {
  graph_.prune(cells, state_);
  for (std::size_t column = 0; column < width(); ++column) {
    applies_[column] = applies_[column] || cells[column] != kAbsent;
  }
  if (is_excluded()) {
    return;
  }
  const ConfigurationView configuration{cells, state_};
  const auto& problems = keys_.find_issues(configuration, shape_of);
  for (const Issue& issue : problems) {
    issues_.add(issue);
  }
  if (issues_.is_full()) {
    issues_.throw_if_any(study_);
  }
  if (!problems.empty()) {
    return;
  }
  check_continuation();
  // Equal keys are equal trials, however they were written down.
  const TrialKey key = keys_.make_key_maker(configuration).key(study_.seeds.front());
  if (seen_.insert(key).second) {
    cells_.insert(cells_.end(), cells.begin(), cells.end());
    first_keys_.push_back(key);
    ++count_;
  }
}

// Asked of every configuration by itself: points, conditions and excludes decide which there are.
void PlanRows::check_continuation() {
  if (study_.continue_from.empty()) {
    return;
  }
  const Value* schedule = graph_.value(graph_.index_of(kSchedule), state_);
  if (schedule != nullptr && depends_on_epochs({{kSchedule, *schedule}})) {
    issues_.add({.pointer = "/continue_from",
                 .message = "the schedule " + render_json(*schedule) +
                            " depends on the number of epochs, so a longer run is not a shorter "
                            "one gone on"});
  }
}

// Equal keys come of equal states, so a duplicate is excluded with the one that it repeats.
bool PlanRows::is_excluded() {
  bool is_hit = false;
  for (Exclude& exclude : excludes_) {
    if (ParameterGraph::holds(exclude.clauses, state_)) {
      exclude.has_matched = true;
      is_hit = true;
    }
  }
  return is_hit;
}

// Whether a random search happens to draw what a condition needs is chance, so it is asked what its
// spaces allow.
void PlanRows::note_what_may_apply() {
  if (study_.method != Method::kRandom ||
      std::find(applies_.begin(), applies_.end(), false) == applies_.end()) {
    return;
  }
  const std::set<std::string> names = applicable_names(study_);
  for (std::size_t column = 0; column < width(); ++column) {
    applies_[column] = applies_[column] || names.contains(columns_[column].name);
  }
}

void PlanRows::check_rows() {
  note_what_may_apply();
  for (std::size_t column = 0; column < width(); ++column) {
    if (!applies_[column]) {
      issues_.add({.pointer = pointer_to(columns_[column].name),
                   .message = "applies to no configuration of this study"});
    }
  }
  for (std::size_t i = 0; i < excludes_.size(); ++i) {
    if (!excludes_[i].has_matched && study_.method != Method::kRandom) {
      issues_.add({.pointer = "/exclude/" + std::to_string(i),
                   .message = "matches no configuration of this study"});
    }
  }
  issues_.throw_if_any(study_);
  if (count_ == 0) {
    issues_.add({.pointer = "/exclude", .message = "leaves no configuration to run"});
  }
  issues_.throw_if_any(study_);
}

std::string PlanRows::pointer_to(const std::string& name) const {
  return pointer_to_given(study_, name);
}

std::vector<std::uint32_t> PlanRows::group_by(const std::vector<std::size_t>& nodes) {
  std::unordered_map<std::string, std::uint32_t> numbers;
  std::vector<std::uint32_t> groups;
  groups.reserve(count_);
  for (std::size_t i = 0; i < count_; ++i) {
    look_at(i);
    std::string name;
    for (const std::size_t node : nodes) {
      std::array<char, sizeof(std::uint32_t)> bytes{};
      std::memcpy(bytes.data(), &state_.value[node], bytes.size());
      name.append(bytes.data(), bytes.size());
    }
    const auto next = static_cast<std::uint32_t>(numbers.size());
    groups.push_back(numbers.try_emplace(std::move(name), next).first->second);
  }
  return groups;
}

}  // namespace glimpse::experiments
