#include "worker/trainer.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <span>
#include <stdexcept>

#include "worker/schedule.h"

namespace glimpse::worker {
namespace {

using experiments::Split;

// Steps between two looks at the device's sums; each look waits for it.
constexpr std::uint64_t kCheckInterval = 50;

std::uint64_t steps_per_epoch(const TrainerOptions& options) {
  return options.train_images / static_cast<std::uint64_t>(options.recipe.batch_size);
}

double percent(std::uint64_t wrong, std::uint64_t all) {
  return 100 * static_cast<double>(wrong) / static_cast<double>(all);
}

double digit_error(const Totals& totals) {
  return percent(totals.wrong_digits, totals.digits);
}

double sequence_error(const Totals& totals) {
  return percent(totals.wrong_sequences, totals.images);
}

double mean_loss(const Totals& totals) {
  return totals.loss / static_cast<double>(totals.digits);
}

// Of the training pass itself: with dropout, and while the weights moved on.
void append_training(NamedValues& metrics, const TrainTotals& totals, std::uint64_t parameters) {
  const auto steps = static_cast<double>(totals.steps);
  metrics.emplace_back("train_loss", mean_loss(totals.outputs));
  metrics.emplace_back("train_error", digit_error(totals.outputs));
  metrics.emplace_back("train_sequence_error", sequence_error(totals.outputs));
  metrics.emplace_back("gradient_norm", totals.gradient_norm / steps);
  metrics.emplace_back(
      "clipped_share",
      static_cast<double>(totals.clipped) / (steps * static_cast<double>(parameters)));
}

void append_evaluation(NamedValues& metrics, const std::string& split, const Totals& totals) {
  metrics.emplace_back(split + "_loss", mean_loss(totals));
  metrics.emplace_back(split + "_error", digit_error(totals));
  metrics.emplace_back(split + "_sequence_error", sequence_error(totals));
}

}  // namespace

std::string_view phase_name(Phase phase) {
  switch (phase) {
    case Phase::kTrain:
      return "train";
    case Phase::kValid:
      return "valid";
    case Phase::kTrainError:
      return "train_error";
    case Phase::kTest:
      break;
  }
  return "test";
}

Trainer::Trainer(const TrainerOptions& options, Engine& engine, TrainerPorts ports)
    : options_(options), engine_(engine), ports_(std::move(ports)) {
  if (steps_per_epoch(options_) == 0) {
    throw std::invalid_argument("batch_size " + std::to_string(options_.recipe.batch_size) +
                                " is more than the " + std::to_string(options_.train_images) +
                                " training images");
  }
}

bool Trainer::has_ended() const {
  const int completed = position_.epoch - 1;
  return completed >= options_.recipe.epochs ||
         (completed > 0 && stops_early(options_.recipe, position_.best_epoch, completed));
}

TrainingResult Trainer::run(const Position& position, std::vector<EpochReport> reports) {
  position_ = position;
  reports_ = std::move(reports);
  for (const EpochReport& report : reports_) {
    ports_.epoch_done(report);
  }
  saved_s_ = ports_.now_s();
  TrainingResult result;
  std::optional<Ending> ending;
  while (!ending && !has_ended()) {
    EpochReport report{.epoch = position_.epoch, .metrics = {}, .timings = {}, .weights_hash = 0};
    ending = train_epoch(report.timings);
    if (!ending) {
      ending = finish_epoch(std::move(report));
    }
  }
  result.ending = ending ? *ending : test(result.metrics);
  result.epochs = position_.epoch - 1;
  result.best_epoch = position_.best_epoch;
  return result;
}

// A last batch that would be smaller is left out: steps have one shape, and the next epoch's order
// leaves out other samples.
std::optional<Ending> Trainer::train_epoch(NamedValues& timings) {
  const Recipe& recipe = options_.recipe;
  const double start_s = ports_.now_s();
  const std::uint64_t first_step = position_.step;  // of those that this process does
  const auto batch = static_cast<std::size_t>(recipe.batch_size);
  const std::vector<std::uint32_t> order = sample_order(
      options_.seed, position_.epoch, static_cast<std::uint32_t>(options_.train_images));
  engine_.set_rates({.epoch = position_.epoch,
                     .learning_rate = learning_rate(recipe, position_.epoch),
                     .dropout = dropout_rate(recipe, position_.epoch)});
  engine_.set_train_totals(position_.totals);
  while (position_.step_in_epoch < steps_per_epoch(options_)) {
    engine_.train_step(std::span(order).subspan(position_.step_in_epoch * batch, batch));
    ++position_.step_in_epoch;
    ++position_.step;
    ports_.progress(Phase::kTrain, position_.step);
    if (position_.step % kCheckInterval == 0 && has_diverged()) {
      return Ending::kDiverged;
    }
    if (attend()) {
      return has_diverged() ? Ending::kDiverged : Ending::kStopped;
    }
  }
  position_.totals = engine_.train_totals();
  const double train_s = ports_.now_s() - start_s;
  const auto images = static_cast<double>((position_.step - first_step) * batch);
  timings = {{"seconds_train", train_s}, {"images_per_s", images / train_s}};
  return std::isfinite(position_.totals.outputs.loss) ? std::nullopt
                                                      : std::optional(Ending::kDiverged);
}

std::optional<Ending> Trainer::finish_epoch(EpochReport report) {
  const double start_s = ports_.now_s();
  const auto valid = evaluate(Split::kValid, options_.valid_images, Phase::kValid);
  if (!valid) {
    return Ending::kStopped;
  }
  if (!std::isfinite(valid->loss)) {
    return Ending::kDiverged;  // the last update did it
  }
  std::optional<Totals> train;
  if (options_.recipe.has_exact_train_error) {
    train = evaluate(Split::kTrain, options_.train_images, Phase::kTrainError);
    if (!train) {
      return Ending::kStopped;
    }
  }
  const double evaluated_s = ports_.now_s();
  report.timings.emplace_back("seconds_evaluate", evaluated_s - start_s);
  take_metrics(*valid, train, report);
  report.timings.emplace_back("seconds_bookkeeping", ports_.now_s() - evaluated_s);
  report.timings.emplace_back("peak_memory", static_cast<double>(engine_.peak_memory()));
  begin_next_epoch(std::move(report));
  return std::nullopt;
}

void Trainer::take_metrics(const Totals& valid,
                           const std::optional<Totals>& train,
                           EpochReport& report) {
  const double error = digit_error(valid);
  if (position_.best_epoch == 0 || error < position_.best_valid_error) {
    position_.best_epoch = position_.epoch;
    position_.best_valid_error = error;
    engine_.keep_best();
  }
  append_training(report.metrics, position_.totals, engine_.parameters());
  append_evaluation(report.metrics, "valid", valid);
  if (train) {
    report.metrics.emplace_back("train_error_exact", digit_error(*train));
  }
  report.metrics.emplace_back("learning_rate", learning_rate(options_.recipe, position_.epoch));
  report.metrics.emplace_back("dropout_rate", dropout_rate(options_.recipe, position_.epoch));
  report.weights_hash = engine_.weights_hash();
}

void Trainer::begin_next_epoch(EpochReport report) {
  ++position_.epoch;
  position_.step_in_epoch = 0;
  position_.totals = {};
  engine_.set_train_totals({});
  ports_.epoch_done(report);
  reports_.push_back(std::move(report));
}

// The last checkpoint is taken before the test, so that a test that is cut short is done again and
// the training is not.
Ending Trainer::test(NamedValues& metrics) {
  save();
  const auto last = evaluate(Split::kTest, options_.test_images, Phase::kTest);
  if (!last) {
    return Ending::kStopped;
  }
  engine_.use(Weights::kBest);
  const auto best = evaluate(Split::kTest, options_.test_images, Phase::kTest);
  engine_.use(Weights::kCurrent);
  if (!best) {
    return Ending::kStopped;
  }
  append_evaluation(metrics, "test", *best);
  metrics.emplace_back("test_error_last", digit_error(*last));
  return Ending::kCompleted;
}

std::optional<Totals> Trainer::evaluate(Split split, std::uint64_t images, Phase phase) {
  const auto batch = static_cast<std::uint64_t>(options_.recipe.batch_size);
  for (std::uint64_t first = 0; first < images; first += batch) {
    engine_.evaluate(split, first, std::min(batch, images - first));
    ports_.progress(phase, position_.step);
    if (attend()) {
      static_cast<void>(engine_.take_evaluation());
      return std::nullopt;
    }
  }
  return engine_.take_evaluation();
}

bool Trainer::has_diverged() {
  return !std::isfinite(engine_.train_totals().outputs.loss);
}

bool Trainer::attend() {
  const Request request = ports_.poll();
  const bool is_due = ports_.now_s() - saved_s_ >= options_.checkpoint_every_s;
  if (request != Request::kGoOn || is_due) {
    save();
  }
  return request == Request::kStop;
}

// Weights that are not finite are never saved: the last checkpoint stays one to go on from.
void Trainer::save() {
  position_.totals = engine_.train_totals();
  if (std::isfinite(position_.totals.outputs.loss)) {
    std::vector<SavedTensor> tensors = engine_.save();
    std::ranges::move(save_reports(reports_), std::back_inserter(tensors));
    ports_.save(position_, std::move(tensors));
    saved_s_ = ports_.now_s();
  }
}

}  // namespace glimpse::worker
