#include "worker/recipe.h"

#include <map>
#include <variant>

namespace glimpse::worker {
namespace {

using experiments::Assignment;

// What does not apply counts as 0, false or "".
template <typename Content>
Content get(const Assignment& resolved, const std::string& name) {
  const auto found = resolved.find(name);
  return found == resolved.end() ? Content() : std::get<Content>(found->second);
}

double real(const Assignment& resolved, const std::string& name) {
  return get<double>(resolved, name);
}

int whole(const Assignment& resolved, const std::string& name) {
  return static_cast<int>(real(resolved, name));
}

UpdateRule rule_of(const std::string& name) {
  static const std::map<std::string, UpdateRule> rules = {{"rmsprop", UpdateRule::kRmsprop},
                                                          {"adam", UpdateRule::kAdam},
                                                          {"adamw", UpdateRule::kAdamw},
                                                          {"sgd", UpdateRule::kSgd}};
  return rules.at(name);
}

ScheduleKind kind_of(const std::string& name) {
  static const std::map<std::string, ScheduleKind> kinds = {{"paper", ScheduleKind::kPaper},
                                                            {"constant", ScheduleKind::kConstant},
                                                            {"cosine", ScheduleKind::kCosine},
                                                            {"step", ScheduleKind::kStep}};
  return kinds.at(name);
}

OptimizerRecipe make_optimizer(const Assignment& resolved) {
  return {.rule = rule_of(get<std::string>(resolved, "optimizer")),
          .learning_rate = real(resolved, "learning_rate"),
          .decay = real(resolved, "rmsprop_decay"),
          .epsilon = real(resolved, "optimizer_epsilon"),
          .beta1 = real(resolved, "beta1"),
          .beta2 = real(resolved, "beta2"),
          .weight_decay = real(resolved, "weight_decay"),
          .momentum = real(resolved, "momentum"),
          .is_nesterov = get<bool>(resolved, "nesterov"),
          .clip = real(resolved, "clip"),
          .norm_limit = real(resolved, "norm_limit")};
}

ScheduleRecipe make_schedule(const Assignment& resolved) {
  ScheduleRecipe schedule{.kind = kind_of(get<std::string>(resolved, "schedule")),
                          .start = whole(resolved, "schedule_start"),
                          .period = whole(resolved, "schedule_period"),
                          .divisor = real(resolved, "schedule_divisor"),
                          .floor = real(resolved, "schedule_floor")};
  if (schedule.kind == ScheduleKind::kStep) {
    schedule.start = schedule.period;
  }
  return schedule;
}

}  // namespace

Recipe make_recipe(const Assignment& resolved) {
  return {.optimizer = make_optimizer(resolved),
          .schedule = make_schedule(resolved),
          .dropout = real(resolved, "dropout"),
          .dropout_warmup = whole(resolved, "dropout_warmup"),
          .batch_size = whole(resolved, "batch_size"),
          .epochs = whole(resolved, "epochs"),
          .early_stop = whole(resolved, "early_stop"),
          .loss_epsilon = real(resolved, "loss_epsilon"),
          .has_exact_train_error = get<bool>(resolved, "exact_train_error")};
}

}  // namespace glimpse::worker
