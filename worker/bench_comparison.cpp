#include "worker/bench_comparison.h"

#include <algorithm>

namespace glimpse::worker {
namespace {

// Not empty.
double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace

std::string_view peer_style_name(PeerStyle style) {
  switch (style) {
    case PeerStyle::kTwin:
      return "twin";
    case PeerStyle::kPlain:
      return "plain";
    case PeerStyle::kCompiled:
      break;
  }
  return "compiled";
}

std::optional<std::string_view> peer_flag(PeerStyle style) {
  switch (style) {
    case PeerStyle::kTwin:
      return std::nullopt;
    case PeerStyle::kPlain:
      return "--plain";
    case PeerStyle::kCompiled:
      break;
  }
  return "--compile";
}

// The plain script loses most where one image is looked at several times, through small glimpses.
std::optional<double> least_ratio(PeerStyle style, const experiments::Assignment& parameters) {
  constexpr double kPlainRatio = 1.15;
  const auto is = [&](const char* name, const experiments::Value& value) {
    const auto found = parameters.find(name);
    return found != parameters.end() && found->second == value;
  };
  if (style == PeerStyle::kTwin) {
    return 1;
  }
  const bool has_bound =
      style == PeerStyle::kPlain && is("model", "rnn-spn") && is("downsample", 3.0);
  return has_bound ? std::optional(kPlainRatio) : std::nullopt;
}

Rounds alternate(int rounds, const RunRound& ours, const RunRound& theirs) {
  static_cast<void>(ours());
  static_cast<void>(theirs());
  Rounds measured;
  for (int round = 0; round < rounds; ++round) {
    if (round % 2 == 0) {
      measured.ours.push_back(ours());
      measured.theirs.push_back(theirs());
    } else {
      measured.theirs.push_back(theirs());
      measured.ours.push_back(ours());
    }
  }
  return measured;
}

SpeedRatio speed_ratio(const Rounds& rounds) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < rounds.ours.size(); ++i) {
    ratios.push_back(rounds.theirs.at(i).cpu_s / rounds.ours[i].cpu_s);
  }
  const auto [lowest, highest] = std::ranges::minmax(ratios);
  return {.median = median(ratios), .lowest = lowest, .highest = highest};
}

double median_cpu_s(const std::vector<Spent>& rounds) {
  std::vector<double> seconds;
  seconds.reserve(rounds.size());
  for (const Spent& round : rounds) {
    seconds.push_back(round.cpu_s);
  }
  return median(std::move(seconds));
}

}  // namespace glimpse::worker
