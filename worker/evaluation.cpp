#include "worker/evaluation.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <vector>

#include "experiments/json_writer.h"
#include "worker/format.h"

namespace glimpse::worker {
namespace {

constexpr double kNormalQuantile = 1.959963984540054;  // 97.5 %

void count_digits(std::span<const std::uint32_t> samples,
                  std::span<const std::byte> labels,
                  const std::vector<std::uint8_t>& predictions,
                  Confusion& confusion) {
  const std::size_t digits = predictions.size() / samples.size();
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const std::byte truth = labels[samples[i / digits] * digits + i % digits];
    ++confusion.at(std::to_integer<std::size_t>(truth)).at(predictions[i]);
  }
}

double mean_loss(const Totals& totals) {
  return totals.loss / static_cast<double>(totals.digits);
}

std::string render_rate(const char* name, const ErrorRate& rate) {
  return format("%-10s %.3f %% wrong, %llu of %llu (95 %%: %.3f to %.3f)\n",
                name,
                rate.percent,
                static_cast<unsigned long long>(rate.wrong),
                static_cast<unsigned long long>(rate.all),
                rate.low,
                rate.high);
}

std::string render_confusion(const Confusion& confusion) {
  std::string text = "\ntrue digit (row) taken for (column)\n  ";
  for (std::size_t digit = 0; digit < confusion.size(); ++digit) {
    text += format(" %6zu", digit);
  }
  for (std::size_t truth = 0; truth < confusion.size(); ++truth) {
    text += format("\n%2zu", truth);
    for (const std::uint64_t count : confusion.at(truth)) {
      text += format(" %6llu", static_cast<unsigned long long>(count));
    }
  }
  return text + "\n";
}

void write_rate(experiments::JsonWriter& json, const char* name, const ErrorRate& rate) {
  json.key(name).begin_object();
  json.key("wrong").integer(static_cast<std::int64_t>(rate.wrong));
  json.key("all").integer(static_cast<std::int64_t>(rate.all));
  json.key("error").number(rate.percent);
  json.key("low").number(rate.low);
  json.key("high").number(rate.high);
  json.end_object();
}

void write_confusion(experiments::JsonWriter& json, const Confusion& confusion) {
  json.key("confusion").begin_array();
  for (const auto& row : confusion) {
    json.begin_array();
    for (const std::uint64_t count : row) {
      json.integer(static_cast<std::int64_t>(count));
    }
    json.end_array();
  }
  json.end_array();
}

}  // namespace

Evaluation evaluate(Engine& engine,
                    experiments::Split split,
                    const storage::SplitData& data,
                    std::uint64_t batch) {
  Evaluation evaluation;
  for (std::uint64_t first = 0; first < data.count; first += batch) {
    std::vector<std::uint32_t> samples(std::min(batch, data.count - first));
    std::iota(samples.begin(), samples.end(), static_cast<std::uint32_t>(first));
    const Looks looks = engine.look(split, samples);
    count_digits(samples, data.labels, looks.predictions, evaluation.confusion);
  }
  evaluation.totals = engine.take_evaluation();
  return evaluation;
}

ErrorRate error_rate(std::uint64_t wrong, std::uint64_t all) {
  const auto n = static_cast<double>(all);
  const double p = static_cast<double>(wrong) / n;
  const double z2 = kNormalQuantile * kNormalQuantile;
  const double center = p + z2 / (2 * n);
  const double reach = kNormalQuantile * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
  const auto percent = [&](double share) { return 100 * share / (1 + z2 / n); };
  // At both ends the interval ends there, too; rounding would miss that by a hair.
  return {.wrong = wrong,
          .all = all,
          .percent = 100 * static_cast<double>(wrong) / n,
          .low = wrong == 0 ? 0 : percent(center - reach),
          .high = wrong == all ? 100 : percent(center + reach)};
}

std::string render_evaluation(const EvaluationSubject& subject, const Evaluation& evaluation) {
  const Totals& totals = evaluation.totals;
  return "checkpoint " + subject.checkpoint + "\n" +
         format("trained    %d epochs, %llu steps, best epoch %d\n",
                subject.epoch,
                static_cast<unsigned long long>(subject.step),
                subject.best_epoch) +
         "weights    " + subject.weights + "\n" +
         format("split      %s, %llu images\n",
                subject.split.c_str(),
                static_cast<unsigned long long>(totals.images)) +
         render_rate("digits", error_rate(totals.wrong_digits, totals.digits)) +
         render_rate("sequences", error_rate(totals.wrong_sequences, totals.images)) +
         format("loss       %.6f\n", mean_loss(totals)) + render_confusion(evaluation.confusion);
}

std::string render_evaluation_json(const EvaluationSubject& subject, const Evaluation& evaluation) {
  const Totals& totals = evaluation.totals;
  experiments::JsonWriter json;
  json.begin_object();
  json.key("version").integer(1);
  json.key("checkpoint").string(subject.checkpoint);
  json.key("key").string(subject.key);
  json.key("step").integer(static_cast<std::int64_t>(subject.step));
  json.key("epoch").integer(subject.epoch);
  json.key("best_epoch").integer(subject.best_epoch);
  json.key("weights").string(subject.weights);
  json.key("split").string(subject.split);
  json.key("images").integer(static_cast<std::int64_t>(totals.images));
  write_rate(json, "digits", error_rate(totals.wrong_digits, totals.digits));
  write_rate(json, "sequences", error_rate(totals.wrong_sequences, totals.images));
  json.key("loss").number(mean_loss(totals));
  write_confusion(json, evaluation.confusion);
  json.end_object();
  return json.text() + "\n";
}

}  // namespace glimpse::worker
