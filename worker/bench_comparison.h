#pragma once

// Which of two is faster, told from rounds that take turns: what else the machine does meets both.
// Pure but for the rounds themselves.

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "experiments/value.h"
#include "worker/step_bench.h"

namespace glimpse::worker {

// How a script is written that does the same as we do.
enum class PeerStyle { kTwin, kPlain, kCompiled };
inline constexpr std::array kPeerStyles = {
    PeerStyle::kTwin, PeerStyle::kPlain, PeerStyle::kCompiled};

std::string_view peer_style_name(PeerStyle style);
// What the script is told; nothing for the twin.
std::optional<std::string_view> peer_flag(PeerStyle style);

// How many times as fast as the script we are to be, at least.
std::optional<double> least_ratio(PeerStyle style, const experiments::Assignment& parameters);

// Of equal work, first against first and so on.
struct Rounds {
  std::vector<Spent> ours;
  std::vector<Spent> theirs;
};

using RunRound = std::function<Spent()>;

// One round each to warm up, then as many as are asked for. Who begins takes turns, too.
Rounds alternate(int rounds, const RunRound& ours, const RunRound& theirs);

// Above 1 we are faster, by processor time.
struct SpeedRatio {
  double median = 0;
  double lowest = 0;
  double highest = 0;
};
SpeedRatio speed_ratio(const Rounds& rounds);

double median_cpu_s(const std::vector<Spent>& rounds);

}  // namespace glimpse::worker
