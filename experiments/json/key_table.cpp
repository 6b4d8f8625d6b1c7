#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

#include "experiments/json/assignment_json.h"
#include "experiments/json/key_codecs.h"
#include "experiments/json/key_makers.h"
#include "experiments/json/key_row.h"
#include "experiments/json/limits_json.h"
#include "experiments/json/space_json.h"
#include "experiments/json/table_json.h"
#include "experiments/json/vocabulary.h"
#include "experiments/plan_limits.h"

namespace glimpse::experiments {
namespace {

constexpr double kMaxSeed = static_cast<double>(kMaxWhole);
// A second is the shortest time the scheduler tells apart; ten years are as good as no limit.
constexpr Span kAnyTime{1, 10.0 * 365 * 86400};
// Less than this is a forgotten unit, not a trial.
constexpr std::uint64_t kLeastMemory = std::uint64_t{1} << 20;

template <typename Field>
KeyRow texts_row(const std::string& path, const std::string& doc, Field field) {
  return bind({.path = path, .type = KeyType::kTextList, .doc = doc},
              field,
              read_texts,
              [](const std::vector<std::string>& texts) { return make_node(texts); });
}

KeyRow name_row() {
  return bind(
      {.path = "name",
       .type = KeyType::kName,
       .is_required = true,
       .doc = "name of the study, also of its files"},
      [](auto& study) -> auto& { return study.name; },
      read_path_name,
      [](const std::string& name) { return make_node(name); });
}

void read_points(const ValueReader& reader, Study& study) {
  study.points = read_assignments(reader, Vocabulary(study));
}

void read_exclude(const ValueReader& reader, Study& study) {
  study.exclude = read_assignments(reader, Vocabulary(study));
}

KeyRow trials_per_gpu_row() {
  KeyRow row = special_row("resources.trials_per_gpu",
                           KeyType::kWholeOrAuto,
                           "1",
                           "trials that share a GPU; \"auto\" finds the number by measuring",
                           read_trials_per_gpu,
                           write_trials_per_gpu);
  row.min = 1;
  row.max = static_cast<double>(kMostTrialsPerGpu);
  return row;
}

// Zero bytes stand for no limit in the struct, and for a missing key in the text.
KeyRow memory_row() {
  KeyRow row = special_row(
      "resources.memory",
      KeyType::kSize,
      "",
      "memory that a trial needs at most; a node runs no more trials than fit",
      [](const ValueReader& reader, Study& study) {
        study.resources.memory_bytes = reader.size(kLeastMemory).value_or(0);
      },
      [](const Study& study) {
        const std::uint64_t bytes = study.resources.memory_bytes;
        return bytes == 0 ? std::nullopt : std::optional(make_node(render_size(bytes)));
      });
  row.min = static_cast<double>(kLeastMemory);
  return row;
}

// An empty command is none: it is not printed, because only studies of one kind may have it.
KeyRow command_row() {
  KeyRow row = texts_row(
      "command", "program and arguments of one trial; {p} becomes the value of parameter p", [
      ](auto& study) -> auto& { return study.command; });
  row.write = [](const Study& study) {
    return study.command.empty() ? std::nullopt : std::optional(make_node(study.command));
  };
  return row;
}

// What runs on what. `kind` and `dataset` come first: names and values of parameters are checked
// against them.
std::vector<KeyRow> identity_rows() {
  return {
      name_row(),
      choice_row(
          "kind",
          {"train", "command"},
          R"("train")",
          "train a built-in model, or run a program of your own",
          [](auto& study) -> auto& { return study.kind; }),
      command_row(),
      texts_row(
          "code",
          "files whose content is part of a trial's identity; without the key, every "
          "argument that is a file",
          [](auto& study) -> auto& { return study.code_files; }),
      choice_row(
          "report",
          {"fd", "stdout"},
          R"("fd")",
          "where a command writes its records: descriptor GLIMPSE_FD, or its output",
          [](auto& study) -> auto& { return study.report; }),
      special_row("dataset",
                  KeyType::kDataset,
                  "",
                  "what to train on; without the key, the cluttered sequences of the paper",
                  read_dataset,
                  write_dataset),
  };
}

// Which configurations there are, and how often each runs.
std::vector<KeyRow> search_rows() {
  std::vector<KeyRow> rows{
      choice_row(
          "method",
          {"grid", "list", "random"},
          R"("grid")",
          "all combinations of values, the listed points, or run_cap random draws",
          [](auto& study) -> auto& { return study.method; }),
      special_row(
          "parameters",
          KeyType::kParameters,
          "{}",
          "a parameter is {value}, {values}, {min, max, distribution} or {mu, sigma, distribution}",
          read_parameters,
          write_parameters),
      special_row("points",
                  KeyType::kAssignments,
                  "[]",
                  "for method list: the configurations, each an object of parameters",
                  read_points,
                  [](const Study& study) { return write_assignments(study.points); }),
      special_row("when",
                  KeyType::kConditions,
                  "{}",
                  "a parameter exists only where the named ones have a listed value",
                  read_when,
                  write_when),
      special_row("exclude",
                  KeyType::kAssignments,
                  "[]",
                  "configurations that equal all pairs of one of these objects are dropped",
                  read_exclude,
                  [](const Study& study) { return write_assignments(study.exclude); }),
      whole_row(
          "seed",
          {0, kMaxSeed},
          "1",
          "drives random draws of configurations",
          [](auto& study) -> auto& { return study.seed; }),
      special_row("seeds",
                  KeyType::kSeeds,
                  "1",
                  "replicates of every configuration: n for seeds 1 to n, or a list",
                  read_seeds,
                  write_seeds),
      optional_text_row(
          "arm",
          "lets one configuration stand in two studies with keys of its own",
          [](auto& study) -> auto& { return study.arm; }),
      whole_row(
          "run_cap",
          {1, static_cast<double>(kMaxConfigurations)},
          "",
          "configurations to run at most, seeds not counted; draws for method random",
          [](auto& study) -> auto& { return study.run_cap; }),
  };
  return rows;
}

// What is measured, and what is kept of a run.
std::vector<KeyRow> objective_rows() {
  return {
      section_row("metric", "what a trial is judged by: its best value over the epochs"),
      text_row(
          "metric.name",
          R"("valid_error")",
          "name of the metric; errors are in percent",
          [](auto& study) -> auto& { return study.metric.name; }),
      choice_row(
          "metric.goal",
          {"minimize", "maximize"},
          R"("minimize")",
          "whether small or large values are good",
          [](auto& study) -> auto& { return study.metric.goal; }),
      optional_text_row(
          "continue_from",
          "study whose last checkpoints are taken up by longer runs",
          [](auto& study) -> auto& { return study.continue_from; }),
      duration_row(
          "checkpoint_every",
          kAnyTime,
          R"("5m")",
          "time between two checkpoints of a trial",
          [](auto& study) -> auto& { return study.checkpoint_every_s; }),
  };
}

std::vector<KeyRow> resource_rows() {
  return {
      section_row("resources", "what one trial needs"),
      whole_row(
          "resources.gpus",
          {0, 64},
          "0",
          "GPUs of a member; 0 runs on processor cores",
          [](auto& study) -> auto& { return study.resources.gpus; }),
      whole_row(
          "resources.cores",
          {1, 4096},
          "1",
          "processor cores of a member",
          [](auto& study) -> auto& { return study.resources.cores; }),
      whole_row(
          "resources.members",
          {1, 1024},
          "1",
          "processes that train one trial together, each on its share of a batch",
          [](auto& study) -> auto& { return study.resources.members; }),
      trials_per_gpu_row(),
      memory_row(),
      section_row("retry", "what happens to failed attempts"),
      whole_row(
          "retry.max",
          {0, 1000},
          "3",
          "failures in a row without a new checkpoint after which a trial has failed",
          [](auto& study) -> auto& { return study.retry_max; }),
  };
}

std::vector<KeyRow> limit_rows() {
  return {
      section_row("limits", "what ends a trial or the study early"),
      duration_row(
          "limits.trial_time",
          kAnyTime,
          "",
          "longest time of one attempt",
          [](auto& study) -> auto& { return study.limits.trial_time_s; }),
      duration_row(
          "limits.silence",
          kAnyTime,
          "",
          "longest time without progress; 60s for the built-in models, off for commands",
          [](auto& study) -> auto& { return study.limits.silence_s; }),
      duration_row(
          "limits.wall_time",
          kAnyTime,
          "",
          "longest time of the whole study in one run",
          [](auto& study) -> auto& { return study.limits.wall_time_s; }),
      real_row(
          "limits.device_hours",
          {0, 1e9},
          "",
          "hours of devices that the study may use in all",
          [](auto& study) -> auto& { return study.limits.device_hours; }),
      section_row("limits.stop_if", "failures alike that end the study"),
      whole_row(
          "limits.stop_if.first",
          {1, 1e6},
          "5",
          "so many trials at the start, all of them failing alike",
          [](auto& study) -> auto& { return study.limits.stop_if.first; }),
      special_row("limits.stop_if.of_last",
                  KeyType::kShareOfLast,
                  "[20, 0.5]",
                  "a number of trials and the share of the last so many that fail alike",
                  read_share_of_last,
                  write_share_of_last),
      special_row("limits.rlimits",
                  KeyType::kResourceLimits,
                  "{}",
                  "limits of the process as setrlimit names them, in lower case",
                  read_resource_limits,
                  write_resource_limits),
      special_row("limits.log_patterns",
                  KeyType::kLogPatterns,
                  "[]",
                  "regular expressions that turn a line of the log into a class of failure",
                  read_log_patterns,
                  write_log_patterns),
  };
}

// Where the study says nothing else, it chooses by what it is judged by.
KeyRow select_row() {
  KeyRow row = optional_section_row(
      "table.select", "how one candidate is chosen for each cell, in two stages", [
      ](auto& study) -> auto& { return study.table->select; });
  row.read = [](const ValueReader&, Study& study) {
    study.table->select.emplace().best = study.metric.name;
  };
  return row;
}

// A table need not be there; its rows are walked only where it is.
std::vector<KeyRow> table_rows() {
  std::vector<KeyRow> rows{
      optional_section_row(
          "table", "the table of results to rebuild", [](auto& study) -> auto& {
            return study.table;
          }),
      text_row(
          "table.metric", R"("test_error")", "metric of the cells", [](auto& study) -> auto& {
            return study.table->metric;
          }),
      text_row(
          "table.rows", "", "parameter whose values are the rows", [](auto& study) -> auto& {
            return study.table->rows;
          }),
      optional_text_row(
          "table.columns",
          "parameter whose values are the columns; one column without it",
          [](auto& study) -> auto& { return study.table->columns; }),
      select_row(),
      text_row(
          "table.select.best",
          "",
          "metric whose best value decides, never one of the test set; without the key, "
          "metric.name",
          [](auto& study) -> auto& { return study.table->select->best; }),
      texts_row(
          "table.select.over",
          "parameters whose values are the candidates of a cell",
          [](auto& study) -> auto& { return study.table->select->over; }),
      whole_row(
          "table.select.seeds",
          {1, static_cast<double>(kMostSeeds)},
          "1",
          "seeds of stage one, which all candidates run",
          [](auto& study) -> auto& { return study.table->select->seeds; }),
      special_row("table.published",
                  KeyType::kPublished,
                  "[]",
                  "published figures: a cell's row, column and value",
                  read_published,
                  write_published),
      real_row(
          "table.margin",
          {0, 1e6},
          "0.3",
          "difference to a published figure that still counts as equal, in its unit",
          [](auto& study) -> auto& { return study.table->margin; }),
      special_row("table.claims",
                  KeyType::kClaims,
                  "[]",
                  "orderings to test: {below: [A, B]} or {best: A, among: B}",
                  read_claims,
                  write_claims),
      optional_text_row(
          "notes", "anything worth keeping with the study", [](auto& study) -> auto& {
            return study.notes;
          }),
  };
  for (KeyRow& row : rows) {
    row.is_required = row.path == "table.rows" || row.path == "table.select.over";
  }
  return rows;
}

}  // namespace

// Made on first use: the rows hold functions, which no constant can.
std::span<const KeyRow> key_rows() {
  static const std::vector<KeyRow> rows = [] {
    std::vector<KeyRow> all;
    for (std::vector<KeyRow> part : {identity_rows(),
                                     search_rows(),
                                     objective_rows(),
                                     resource_rows(),
                                     limit_rows(),
                                     table_rows()}) {
      std::move(part.begin(), part.end(), std::back_inserter(all));
    }
    return all;
  }();
  return rows;
}

}  // namespace glimpse::experiments
