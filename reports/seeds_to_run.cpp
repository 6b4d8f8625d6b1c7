#include "reports/seeds_to_run.h"

#include <algorithm>

namespace glimpse::reports {

std::optional<std::vector<std::uint64_t>> seeds_to_run(const experiments::Study& study,
                                                       const ResultTable& results) {
  std::size_t more = 0;
  for (const ResultCell& cell : results.cells) {
    const Judgement& judgement = cell.judgement;
    if (judgement.verdict == Verdict::kMissing || judgement.verdict == Verdict::kIncomplete) {
      return study.seeds;
    }
    if (judgement.verdict == Verdict::kInconclusive) {
      more = std::max(more, judgement.more_seeds.value_or(0));
    }
  }
  if (more == 0) {
    return std::nullopt;
  }
  std::vector<std::uint64_t> seeds = study.seeds;
  const std::uint64_t last = *std::ranges::max_element(seeds);
  for (std::uint64_t i = 1; i <= more; ++i) {
    seeds.push_back(last + i);
  }
  return seeds;
}

}  // namespace glimpse::reports
