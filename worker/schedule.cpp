#include "worker/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "experiments/philox.h"

namespace glimpse::worker {
namespace {

// How often the rate has been cut before this epoch begins.
int cuts_before(const ScheduleRecipe& schedule, int epoch) {
  const int completed = epoch - 1;
  return completed < schedule.start ? 0 : (completed - schedule.start) / schedule.period + 1;
}

double cosine(const Recipe& recipe, int epoch) {
  const double done = static_cast<double>(epoch - 1) / recipe.epochs;
  const double share = (1 + std::cos(std::numbers::pi * done)) / 2;
  return recipe.schedule.floor + (1 - recipe.schedule.floor) * share;
}

}  // namespace

double learning_rate(const Recipe& recipe, int epoch) {
  double rate = recipe.optimizer.learning_rate;
  switch (recipe.schedule.kind) {
    case ScheduleKind::kConstant:
      return rate;
    case ScheduleKind::kCosine:
      return rate * cosine(recipe, epoch);
    case ScheduleKind::kPaper:
    case ScheduleKind::kStep:
      break;
  }
  // Divided again and again, as the released code does: a power would round differently.
  for (int cut = 0; cut < cuts_before(recipe.schedule, epoch); ++cut) {
    rate /= recipe.schedule.divisor;
  }
  return rate;
}

double dropout_rate(const Recipe& recipe, int epoch) {
  const int completed = epoch - 1;
  return completed >= recipe.dropout_warmup ? recipe.dropout
                                            : recipe.dropout * completed / recipe.dropout_warmup;
}

bool stops_early(const Recipe& recipe, int best_epoch, int epoch) {
  return recipe.early_stop > 0 && epoch - best_epoch >= recipe.early_stop;
}

std::vector<std::uint32_t> sample_order(std::uint64_t seed, int epoch, std::uint32_t samples) {
  std::vector<std::uint32_t> order(samples);
  std::iota(order.begin(), order.end(), 0U);
  experiments::RandomStream random(
      seed, experiments::Purpose::kOrder, static_cast<std::uint32_t>(epoch), 0);
  for (std::uint32_t left = samples; left > 1; --left) {
    std::swap(order[left - 1], order[random.below(left)]);
  }
  return order;
}

}  // namespace glimpse::worker
