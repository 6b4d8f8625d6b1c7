#pragma once

// How a trial is trained, as typed values taken out of its parameters; the network's own are read
// by worker/nn. Plain data. What has no meaning for a model is off here, so that the trainer never
// asks which model it trains.

#include <string>

#include "experiments/value.h"

namespace glimpse::worker {

enum class UpdateRule { kRmsprop, kAdam, kAdamw, kSgd };

struct OptimizerRecipe {
  UpdateRule rule = UpdateRule::kRmsprop;
  double learning_rate = 0;  // at the start
  double decay = 0;          // rmsprop: share of the mean square kept per step
  double epsilon = 0;        // rmsprop: inside the root; adam and adamw: behind it
  double beta1 = 0;
  double beta2 = 0;
  double weight_decay = 0;
  double momentum = 0;
  bool is_nesterov = false;
  double clip = 0;        // limit of every element of the gradient, before norm_limit; 0: none
  double norm_limit = 0;  // of the whole gradient; 0: none
};

enum class ScheduleKind { kPaper, kConstant, kCosine, kStep };

struct ScheduleRecipe {
  ScheduleKind kind = ScheduleKind::kConstant;
  int start = 0;  // epochs completed when the rate is cut first
  int period = 1;
  double divisor = 1;
  double floor = 0;  // cosine: the rate after the last epoch, as a share of that at the start
};

struct Recipe {
  OptimizerRecipe optimizer;
  ScheduleRecipe schedule;
  double dropout = 0;
  int dropout_warmup = 0;  // epochs; 0: none
  int batch_size = 1;
  int epochs = 1;
  int early_stop = 0;  // epochs without a gain on validation that end a run; 0: never
  double loss_epsilon = 0;
  bool has_exact_train_error = false;
};

// Takes what experiments::resolve() gives: every parameter that applies, each of its type.
Recipe make_recipe(const experiments::Assignment& resolved);

}  // namespace glimpse::worker
