#include "experiments/plan/random_searcher.h"

#include <algorithm>

#include "experiments/hash/sha256.h"
#include "experiments/parameter_lookup.h"
#include "experiments/space.h"

namespace glimpse::experiments {
namespace {

// Nine draws in ten may miss, and a few by chance.
constexpr std::uint64_t kRedrawsPerDraw = 9;
constexpr std::uint64_t kRedrawsByChance = 1000;

std::uint32_t name_word(const std::string& name) {
  const Sha256Digest digest = sha256(name);
  return std::uint32_t{digest[0]} << 24 | std::uint32_t{digest[1]} << 16 |
         std::uint32_t{digest[2]} << 8 | digest[3];
}

// A normal range has no ends, so its draws may miss what the parameter can be; they are drawn anew,
// as long as the search as a whole does not mostly do that.
class FittingDraws {
 public:
  FittingDraws(const Study& study, std::uint64_t draws)
      : study_(study), redraws_left_(kRedrawsByChance + kRedrawsPerDraw * draws) {}

  Value draw(const Parameter& parameter, RandomStream& stream) {
    Value value = experiments::draw(parameter.space, stream);
    const Range* range = std::get_if<Range>(&parameter.space);
    if (range == nullptr || range->distribution != Distribution::kNormal) {
      return value;
    }
    for (auto problem = problem_of(parameter, value); !problem.empty();
         problem = problem_of(parameter, value)) {
      if (redraws_left_ == 0) {
        throw StudyError(study_.name,
                         {{.pointer = parameter_pointer(parameter.name),
                           .message = "more than nine draws in ten are of no use: it " + problem}});
      }
      --redraws_left_;
      value = experiments::draw(parameter.space, stream);
    }
    return value;
  }

 private:
  [[nodiscard]] std::string problem_of(const Parameter& parameter, const Value& value) const {
    return parameter_problem(study_, parameter.name, value).value_or("");
  }

  const Study& study_;
  std::uint64_t redraws_left_;
};

}  // namespace

Proposals propose_random(const Study& study) {
  std::vector<const Parameter*> parameters;
  parameters.reserve(study.parameters.size());
  for (const Parameter& parameter : study.parameters) {
    parameters.push_back(&parameter);
  }
  std::sort(parameters.begin(), parameters.end(), [](const auto* a, const auto* b) {
    return a->name < b->name;
  });
  std::vector<std::string> names;
  std::vector<std::uint32_t> words;
  for (const Parameter* parameter : parameters) {
    names.push_back(parameter->name);
    words.push_back(name_word(parameter->name));
  }
  ProposalBuilder builder(names);
  const auto draws = static_cast<std::uint32_t>(study.run_cap.value_or(0));
  FittingDraws fitting(study, draws);
  for (std::uint32_t i = 0; i < draws; ++i) {
    Assignment configuration;
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      RandomStream stream(study.seed, Purpose::kSearch, words[p], i);
      configuration.emplace(names[p], fitting.draw(*parameters[p], stream));
    }
    builder.add(configuration);
  }
  return builder.take();
}

}  // namespace glimpse::experiments
