#include "launcher/log/log.h"

#include <utility>

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ostream_sink.h>

#include "reports/text_width.h"

namespace glimpse::launcher {
namespace {

// "warning: " and "error: " before what needs attention, nothing before plain news.
class Prefix : public spdlog::custom_flag_formatter {
 public:
  explicit Prefix(bool has_colour) : has_colour_(has_colour) {}

  void format(const spdlog::details::log_msg& message,
              const std::tm& /*time*/,
              spdlog::memory_buf_t& out) override {
    if (message.level == spdlog::level::warn) {
      append(out, "\x1b[33m", "warning: ");
    } else if (message.level == spdlog::level::err) {
      append(out, "\x1b[31m", "error: ");
    }
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<Prefix>(has_colour_);
  }

 private:
  void append(spdlog::memory_buf_t& out, std::string_view colour, std::string_view word) const {
    const auto add = [&out](std::string_view text) {
      out.append(text.data(), text.data() + text.size());
    };
    if (has_colour_) {
      add(colour);
    }
    add(word);
    if (has_colour_) {
      add("\x1b[0m");
    }
  }

  bool has_colour_;
};

spdlog::level::level_enum least_level(Verbosity verbosity) {
  switch (verbosity) {
    case Verbosity::kQuiet:
      return spdlog::level::warn;
    case Verbosity::kVerbose:
      return spdlog::level::debug;
    case Verbosity::kNormal:
      break;
  }
  return spdlog::level::info;
}

}  // namespace

struct Log::Sink {
  spdlog::logger logger;
};

Log::Log(std::ostream& err, Verbosity verbosity, bool has_colour) : verbosity_(verbosity) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<Prefix>('*', has_colour).set_pattern("glimpse: %*%v");
  sink_ = std::make_unique<Sink>(
      Sink{spdlog::logger("glimpse", std::make_shared<spdlog::sinks::ostream_sink_mt>(err, true))});
  sink_->logger.set_formatter(std::move(formatter));
  sink_->logger.set_level(least_level(verbosity));
}

Log::~Log() = default;

void Log::debug(std::string_view message) {
  sink_->logger.debug(reports::escape_controls(message));
}

void Log::info(std::string_view message) {
  sink_->logger.info(reports::escape_controls(message));
}

void Log::warn(std::string_view message) {
  sink_->logger.warn(reports::escape_controls(message));
}

void Log::error(std::string_view message) {
  sink_->logger.error(reports::escape_controls(message));
}

}  // namespace glimpse::launcher
