#include "launcher/replay_reasons.h"

#include <array>

namespace glimpse::launcher {
namespace {

struct Fact {
  const char* name;
  const char* words;
};

// One device like another gives the same bits, so neither its number nor its serial counts.
constexpr std::array<Fact, 3> kFacts = {
    {{"torch", "Torch"}, {"device_model", "the device"}, {"threads", "the number of threads"}}};

void compare(const std::string& words,
             const std::string& recorded,
             const std::string& here,
             std::vector<std::string>& reasons) {
  if (recorded != here) {
    reasons.push_back(words + " was " + recorded + " and is " + here);
  }
}

}  // namespace

std::vector<std::string> find_replay_reasons(const TrainingGround& recorded,
                                             const TrainingGround& here) {
  std::vector<std::string> reasons;
  for (const Fact& fact : kFacts) {
    const auto before = recorded.environment.find(fact.name);
    const auto now = here.environment.find(fact.name);
    if (before != recorded.environment.end() && now != here.environment.end()) {
      compare(fact.words,
              experiments::render_plain(before->second),
              experiments::render_plain(now->second),
              reasons);
    }
  }
  compare("the version of the model's code", recorded.code, here.code, reasons);
  compare("the number of processes",
          std::to_string(recorded.world_size),
          std::to_string(here.world_size),
          reasons);
  return reasons;
}

}  // namespace glimpse::launcher
