#include "experiments/json/record_json.h"

#include <cstddef>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "experiments/json/json_text.h"
#include "experiments/json/record_fields.h"

namespace glimpse::experiments {
namespace {

using Names = std::vector<std::string>;

constexpr double kMaxSeconds = 3650.0 * 24 * 3600;  // as studies have it
constexpr int kMaxThreads = 4096;

// What "type" says, in the order of the variants.
Names names_of_types(const Command& /*unused*/) {
  return {"start", "stop", "checkpoint", "shutdown"};
}
Names names_of_types(const RecordBody& /*unused*/) {
  return {"hello",
          "started",
          "progress",
          "epoch",
          "checkpoint",
          "finished",
          "stopped",
          "preempted",
          "failed"};
}

Names names_of_faults() {
  Names names;
  for (const FaultRow& row : fault_rows()) {
    names.emplace_back(row.name);
  }
  return names;
}

// Each kind of record, described once for reading and writing.

template <typename Fields>
void describe(Fields& fields, AttemptName& attempt, Presence presence = Presence::kNeeded) {
  fields.text("run", attempt.run, kRunRule, presence);
  fields.whole("attempt", attempt.number, 1, kMaxAttempt, presence);
}

template <typename Fields>
void describe(Fields& fields, StartCommand& start) {
  describe(fields, start.attempt);
  fields.text("key", start.key, kKeyRule);
  fields.scalars("parameters", start.parameters);
  fields.whole("seed", start.seed, 0, kMaxWhole);
  fields.text("dataset", start.dataset, kPathRule);
  fields.text("folder", start.folder, kPathRule);
  fields.paths("resume_from", start.resume_from);
  fields.paths("continue_from", start.continue_from);
  fields.real("checkpoint_every_s", start.checkpoint_every_s, 0, kMaxSeconds);
  fields.text("device", start.device, kNameRule);
  fields.whole("threads", start.threads, 1, kMaxThreads);
  fields.object("metric", [&](auto& inner) {
    inner.text("name", start.metric.name, kNameRule);
    inner.choice("goal", start.metric.goal, Names{"minimize", "maximize"});
  });
}

template <typename Fields>
void describe(Fields& fields, StopCommand& stop) {
  describe(fields, stop.attempt);
}

template <typename Fields>
void describe(Fields& fields, CheckpointCommand& checkpoint) {
  describe(fields, checkpoint.attempt);
}

template <typename Fields>
void describe(Fields& /*fields*/, ShutdownCommand& /*shutdown*/) {}

template <typename Fields>
void describe(Fields& fields, HelloRecord& hello) {
  fields.scalars("environment", hello.environment);
}

template <typename Fields>
void describe(Fields& /*fields*/, StartedRecord& /*started*/) {}

template <typename Fields>
void describe(Fields& fields, ProgressRecord& progress) {
  fields.text("phase", progress.phase, kNameRule);
  fields.whole("step", progress.step, 0, kMaxWhole);
}

template <typename Fields>
void describe(Fields& fields, EpochRecord& epoch) {
  fields.whole("epoch", epoch.epoch, 1, kMaxEpoch);
  fields.numbers("metrics", epoch.metrics);
  fields.numbers("timings", epoch.timings, Presence::kOptional);
  fields.text("weights_hash", epoch.weights_hash, kWeightsRule, Presence::kOptional);
}

template <typename Fields>
void describe(Fields& fields, CheckpointRecord& checkpoint) {
  fields.text("file", checkpoint.file, kFileRule);
  fields.whole("step", checkpoint.step, 0, kMaxWhole);
  fields.whole("epoch", checkpoint.epoch, 0, kMaxEpoch);
  fields.whole("bytes", checkpoint.bytes, 0, kMaxWhole);
  fields.text("xxh3", checkpoint.xxh3, kXxh3Rule, Presence::kOptional);
}

template <typename Fields>
void describe(Fields& fields, FinishedRecord& finished) {
  fields.choice("outcome", finished.outcome, Names{"completed", "diverged", "pruned"});
  fields.whole("best_epoch", finished.best_epoch, 1, kMaxEpoch);
  fields.numbers("metrics", finished.metrics, Presence::kOptional);
}

template <typename Fields>
void describe(Fields& fields, StoppedRecord& stopped) {
  fields.text("file", stopped.file, kFileRule, Presence::kOptional);
}

template <typename Fields>
void describe(Fields& fields, PreemptedRecord& preempted) {
  fields.message("message", preempted.message);
}

template <typename Fields>
void describe(Fields& fields, FailedRecord& failed) {
  fields.choice("class", failed.fault, names_of_faults());
  fields.message("message", failed.message);
}

// The alternative of this number, with its defaults.
template <typename Variant>
Variant make_alternative(std::size_t wanted) {
  return [&]<std::size_t... Index>(std::index_sequence<Index...> /*unused*/) {
    Variant made;
    ((Index == wanted ? void(made.template emplace<Index>()) : void()), ...);
    return made;
  }
  (std::make_index_sequence<std::variant_size_v<Variant>>());
}

// Nothing where "type" is wrong; nothing more is said then, as all other keys depend on it.
template <typename Variant>
std::optional<Variant> read_type(ObjectReader& object, const std::optional<Variant>& if_missing) {
  const auto type = if_missing ? object.find("type") : object.require("type");
  if (!type) {
    return if_missing;
  }
  const auto index = type->choice(names_of_types(Variant()));
  return index ? std::optional(make_alternative<Variant>(*index)) : std::nullopt;
}

void check_start(const ObjectReader& object, const Command& command) {
  const auto* start = std::get_if<StartCommand>(&command);
  if (start != nullptr && !start->key.empty() && !start->key.starts_with(start->attempt.run)) {
    object.self().complain("\"key\" does not begin with \"run\"");
  }
}

void read_command(ObjectReader& object, Command& command) {
  auto type = read_type<Command>(object, std::nullopt);
  if (!type) {
    return;
  }
  command = std::move(*type);
  FieldReader fields(object);
  std::visit([&](auto& body) { describe(fields, body); }, command);
  check_start(object, command);
  object.finish();
}

void read_record(ObjectReader& object, Record& record, Presence presence) {
  const auto if_missing =
      presence == Presence::kOptional ? std::optional<RecordBody>(EpochRecord()) : std::nullopt;
  auto type = read_type(object, if_missing);
  if (!type) {
    return;
  }
  record.body = std::move(*type);
  FieldReader fields(object);
  describe(fields, record.attempt, presence);
  std::visit([&](auto& body) { describe(fields, body); }, record.body);
  object.finish();
}

// Calls `read` with the object that a line holds, and throws if there is anything to complain of.
template <typename Read>
void read_line(std::string_view line, const std::string& source, Read read) {
  IssueList issues;
  if (line.size() > kMaxRecordBytes) {
    issues.add({},
               "",
               std::to_string(line.size()) + " bytes are too many: at most " +
                   std::to_string(kMaxRecordBytes));
  } else if (const auto root = parse_json(line, issues)) {
    // JSON with comments is for files that people keep. In a journal's line one would hide the
    // rest.
    if (const auto comment = find_comment(line)) {
      issues.add(PlaceFinder(line).at(*comment), "", "a comment");
    }
    if (auto object = ValueReader(*root, root->place, "", issues).object()) {
      read(*object);
    }
  }
  if (!issues.empty()) {
    const std::vector<Issue> sorted = issues.sorted();
    throw RecordError(source, sorted.front(), sorted.size() - 1);
  }
}

Command parse_command(std::string_view line, const std::string& source) {
  Command command;
  read_line(line, source, [&](ObjectReader& object) { read_command(object, command); });
  return command;
}

Record parse_record(std::string_view line, const std::string& source) {
  Record record;
  read_line(
      line, source, [&](ObjectReader& object) { read_record(object, record, Presence::kNeeded); });
  return record;
}

template <typename Variant>
void write_type(JsonWriter& json, const Variant& variant) {
  json.key("type").string(names_of_types(variant).at(variant.index()));
}

// `writable` is a copy: descriptions are shared with reading and take what they could change.
std::string write_command(Command writable) {
  JsonWriter json;
  json.begin_object();
  write_type(json, writable);
  FieldWriter fields(json);
  std::visit([&](auto& body) { describe(fields, body); }, writable);
  return json.end_object().text();
}

std::string write_record(Record writable) {
  JsonWriter json;
  json.begin_object();
  write_type(json, writable.body);
  FieldWriter fields(json);
  describe(fields, writable.attempt);
  std::visit([&](auto& body) { describe(fields, body); }, writable.body);
  return json.end_object().text();
}

}  // namespace

Command parse_command(std::string_view line) {
  return parse_command(line, "command");
}

Record parse_record(std::string_view line) {
  return parse_record(line, "record");
}

Record parse_user_record(std::string_view line, const AttemptName& attempt) {
  Record record{.attempt = attempt, .body = {}};
  read_line(line, "record", [&](ObjectReader& object) {
    read_record(object, record, Presence::kOptional);
    if (record.attempt != attempt) {
      object.self().complain("names another attempt than that it comes from");
    }
  });
  return record;
}

// Rules stand in the readers alone: what they take back is fit to be sent.
std::string render_command(const Command& command) {
  std::string line = write_command(command);
  parse_command(line, "command to send");
  return line;
}

std::string render_read_record(const Record& record) {
  std::string line = write_record(record);
  if (line.size() > kMaxRecordBytes) {
    parse_record(line, "record to send");  // tells how long it is
  }
  return line;
}

std::string render_record(const Record& record) {
  std::string line = write_record(record);
  parse_record(line, "record to send");
  return line;
}

}  // namespace glimpse::experiments
