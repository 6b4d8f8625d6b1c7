#include "launcher/transport/message_codec.h"

#include <bit>
#include <cstdint>
#include <limits>
#include <utility>
#include <variant>
#include <vector>

#include "experiments/json/record_json.h"
#include "experiments/record_error.h"
#include "launcher/transport/bytes.h"
#include "launcher/transport/launch_error.h"

namespace glimpse::launcher {
namespace {

using experiments::ExitCode;

constexpr int kMaxInt = std::numeric_limits<int>::max();
constexpr std::int64_t kMaxInt64 = std::numeric_limits<std::int64_t>::max();
constexpr int kMaxMembers = 1024;                   // as studies have it
constexpr double kMaxSeconds = 3650.0 * 24 * 3600;  // likewise

// Not a number is none.
bool is_duration(double seconds) {
  return seconds >= 0 && seconds <= kMaxSeconds;
}

// Each kind of message is described once; a writer and a reader go over the description. Whole
// numbers are never negative.

class FieldPacker {
 public:
  void text(const std::string& value) { bytes_.text(value); }
  void natural(std::uint64_t value) { bytes_.number(value); }
  template <typename Whole>
  void whole(Whole value, Whole low, Whole high) {
    if (value < low || value > high) {
      throw LaunchError(ExitCode::kProtocol,
                        "pack message: " + std::to_string(value) + " is out of range");
    }
    bytes_.number(static_cast<std::uint64_t>(value));
  }
  void seconds(double value) {
    if (!is_duration(value)) {
      throw LaunchError(ExitCode::kProtocol,
                        "pack message: " + std::to_string(value) + " seconds are out of range");
    }
    bytes_.number(std::bit_cast<std::uint64_t>(value));
  }
  void flag(bool value) { bytes_.number(value ? 1 : 0); }
  template <typename List, typename Describe>
  void list(List& list, Describe describe) {
    bytes_.number(list.size());
    for (auto& element : list) {
      describe(element);
    }
  }
  void parameters(const experiments::Assignment& parameters) {
    bytes_.number(parameters.size());
    for (const auto& [name, value] : parameters) {
      bytes_.text(name);
      bytes_.number(value.index());
      std::visit([this](const auto& one) { value_of(one); }, value);
    }
  }
  void record(const experiments::Record& record) { bytes_.text(render_record(record)); }

  [[nodiscard]] const std::string& bytes() const { return bytes_.bytes(); }

 private:
  void value_of(bool value) { flag(value); }
  void value_of(double value) { bytes_.number(std::bit_cast<std::uint64_t>(value)); }
  void value_of(const std::string& value) { bytes_.text(value); }

  ByteWriter bytes_;
};

class FieldUnpacker {
 public:
  explicit FieldUnpacker(std::string_view bytes) : bytes_(bytes, "message") {}

  void text(std::string& value) { value = bytes_.text(); }
  void natural(std::uint64_t& value) { value = bytes_.number(); }
  template <typename Whole>
  void whole(Whole& value, Whole low, Whole high) {
    const std::uint64_t read = bytes_.number();
    if (read < static_cast<std::uint64_t>(low) || read > static_cast<std::uint64_t>(high)) {
      bytes_.refuse(std::to_string(read) + " is out of range");
    }
    value = static_cast<Whole>(read);
  }
  void seconds(double& value) {
    value = std::bit_cast<double>(bytes_.number());
    if (!is_duration(value)) {
      bytes_.refuse("seconds are out of range");
    }
  }
  void flag(bool& value) {
    int read = 0;
    whole(read, 0, 1);
    value = read == 1;
  }
  template <typename List, typename Describe>
  void list(List& list, Describe describe) {
    for (std::size_t left = bytes_.count(); left > 0; --left) {
      describe(list.emplace_back());
    }
  }
  void parameters(experiments::Assignment& parameters) {
    for (std::size_t left = bytes_.count(); left > 0; --left) {
      std::string name = bytes_.text();
      if (!parameters.emplace(name, value()).second) {
        bytes_.refuse("parameter " + name + " stands twice");
      }
    }
  }
  void record(experiments::Record& record) { record = experiments::parse_record(bytes_.text()); }
  void finish() const { bytes_.finish(); }

  [[nodiscard]] Message alternative() {
    std::size_t kind = 0;
    whole(kind, std::size_t{0}, std::variant_size_v<Message> - 1);
    return make(kind, std::make_index_sequence<std::variant_size_v<Message>>());
  }

 private:
  template <std::size_t... Index>
  static Message make(std::size_t wanted, std::index_sequence<Index...> /*unused*/) {
    Message message;
    ((Index == wanted ? void(message.emplace<Index>()) : void()), ...);
    return message;
  }

  experiments::Value value() {
    switch (bytes_.number()) {
      case 0: {
        bool value = false;
        flag(value);
        return value;
      }
      case 1:
        return std::bit_cast<double>(bytes_.number());
      case 2:
        return bytes_.text();
      default:
        bytes_.refuse("a parameter of no known kind");
    }
  }

  ByteReader bytes_;
};

template <typename Fields>
void describe(Fields& fields, JoinMessage& join) {
  fields.text(join.host);
  fields.whole(join.slots, 0, kMaxInt);
  fields.natural(join.memory_bytes);
  fields.text(join.description);
}

template <typename Fields>
void describe(Fields& fields, RecordMessage& record) {
  fields.record(record.record);
  fields.whole(record.number, std::int64_t{0}, kMaxInt64);
  fields.whole(record.t_ms, std::int64_t{0}, kMaxInt64);
}

template <typename Fields>
void describe(Fields& fields, SignalMessage& signal) {
  fields.whole(signal.times, 0, kMaxInt);
}

template <typename Fields>
void describe(Fields& fields, experiments::AttemptName& attempt) {
  fields.text(attempt.run);
  fields.whole(attempt.number, std::int64_t{1}, experiments::kMaxAttempt);
}

template <typename Fields>
void describe(Fields& fields, experiments::StartCommand& start) {
  const auto describe_text = [&](std::string& text) { fields.text(text); };
  describe(fields, start.attempt);
  fields.text(start.key);
  fields.parameters(start.parameters);
  fields.natural(start.seed);
  fields.text(start.dataset);
  fields.text(start.folder);
  fields.list(start.resume_from, describe_text);
  fields.list(start.continue_from, describe_text);
  fields.seconds(start.checkpoint_every_s);
  fields.text(start.device);
  fields.whole(start.threads, 1, kMaxInt);
  fields.text(start.metric.name);
  bool is_maximized = start.metric.goal == experiments::Goal::kMaximize;
  fields.flag(is_maximized);
  start.metric.goal = is_maximized ? experiments::Goal::kMaximize : experiments::Goal::kMinimize;
}

template <typename Fields>
void describe(Fields& fields, Job& job) {
  describe(fields, job.start);
  fields.list(job.slots, [&](int& slot) { fields.whole(slot, 0, kMaxInt); });
  fields.list(job.command, [&](std::string& word) { fields.text(word); });
  bool is_stdout = job.report == experiments::ReportVia::kStdout;
  fields.flag(is_stdout);
  job.report = is_stdout ? experiments::ReportVia::kStdout : experiments::ReportVia::kFd;
  fields.whole(job.members, 1, kMaxMembers);
  fields.seconds(job.silence_s);
  fields.seconds(job.trial_time_s);
  fields.seconds(job.grace_s);
  fields.natural(job.memory_bytes);
  fields.list(job.rlimits, [&](experiments::ResourceLimit& limit) {
    fields.text(limit.name);
    fields.natural(limit.value);
  });
  fields.list(job.log_patterns, [&](experiments::LogPattern& pattern) {
    fields.text(pattern.pattern);
    fields.text(pattern.fault);
  });
}

template <typename Fields>
void describe(Fields& fields, StartMessage& start) {
  describe(fields, start.job);
}

template <typename Fields>
void describe(Fields& fields, StopMessage& stop) {
  describe(fields, stop.attempt);
  fields.flag(stop.is_now);
}

template <typename Fields>
void describe(Fields& /*fields*/, LeaveMessage& /*leave*/) {}

template <typename Fields>
void describe(Fields& /*fields*/, HeartbeatMessage& /*heartbeat*/) {}

void check_size(std::size_t bytes) {
  if (bytes > kMaxPackedBytes) {
    throw LaunchError(ExitCode::kProtocol,
                      "message of " + std::to_string(bytes) + " bytes: at most " +
                          std::to_string(kMaxPackedBytes) +
                          " travel between ranks (shorten the study's command)");
  }
}

Message unpack(std::string_view bytes) {
  check_size(bytes.size());
  FieldUnpacker fields(bytes);
  Message message = fields.alternative();
  std::visit([&](auto& body) { describe(fields, body); }, message);
  fields.finish();
  return message;
}

}  // namespace

std::string pack_message(const Message& message) {
  FieldPacker fields;
  fields.natural(message.index());
  // Descriptions are shared with reading, which changes what it goes over.
  Message writable = message;
  std::visit([&](auto& body) { describe(fields, body); }, writable);
  check_size(fields.bytes().size());
  return fields.bytes();
}

Message unpack_message(std::string_view bytes) {
  try {
    return unpack(bytes);
  } catch (const experiments::RecordError& error) {
    throw LaunchError(ExitCode::kProtocol, "read message: " + std::string(error.what()));
  }
}

}  // namespace glimpse::launcher
