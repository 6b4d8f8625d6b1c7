// Against numbers that SciPy gave: scipy_values.py says how.

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "reports/stats/comparison.h"
#include "reports/stats/sample.h"
#include "reports/stats/student.h"
#include "reports/stats/verdict.h"

namespace glimpse::reports {
namespace {

using Numbers = std::vector<double>;

struct Line {
  std::string what;
  std::vector<Numbers> in;
  Numbers out;
};

Numbers parse_numbers(const std::string& text) {
  std::istringstream words(text);
  Numbers numbers;
  for (std::string word; words >> word;) {
    numbers.push_back(std::stod(word));
  }
  return numbers;
}

std::vector<Line> load_lines() {
  std::ifstream file(GLIMPSE_SOURCE_DIR "/tests/reports/stats/scipy_values.txt");
  std::vector<Line> lines;
  for (std::string text; std::getline(file, text);) {
    std::istringstream parts(text);
    Line line;
    std::getline(parts, line.what, '|');
    line.what.erase(line.what.find_last_not_of(' ') + 1);
    for (std::string part; std::getline(parts, part, '|');) {
      line.in.push_back(parse_numbers(part));
    }
    line.out = line.in.back();
    line.in.pop_back();
    lines.push_back(line);
  }
  return lines;
}

Numbers numbers_of(const Interval& interval) {
  return {interval.low, interval.high};
}

Count count_of(const Numbers& numbers) {
  return {static_cast<std::uint64_t>(numbers.at(0)), static_cast<std::uint64_t>(numbers.at(1))};
}

Numbers numbers_of(const Comparison& comparison) {
  return {comparison.difference,
          comparison.interval.value().low,
          comparison.interval.value().high,
          comparison.p.value()};
}

Numbers compute(const Line& line) {
  const Numbers& first = line.in.at(0);
  if (line.what == "student_quantile") {
    return {student_quantile(first.at(0), first.at(1))};
  }
  if (line.what == "student_tail") {
    return {student_tail(first.at(0), first.at(1))};
  }
  if (line.what == "mean_interval") {
    return numbers_of(mean_interval(summarize(first)).value());
  }
  if (line.what == "prediction_interval") {
    return numbers_of(prediction_interval(summarize(first)).value());
  }
  if (line.what == "wilson") {
    return numbers_of(wilson_interval(count_of(first)));
  }
  if (line.what == "exact") {
    return numbers_of(clopper_pearson_interval(count_of(first)));
  }
  if (line.what == "equivalent") {
    const Numbers& figure = line.in.at(1);
    const Judgement judgement = judge(
        summarize(first), {.value = figure.at(0), .unit = figure.at(1), .margin = figure.at(2)});
    return {judgement.verdict == Verdict::kReproduced ? 1.0 : 0.0};
  }
  const Numbers& second = line.in.at(1);
  if (line.what == "unpaired") {
    return numbers_of(compare_unpaired(first, second));
  }
  const Comparison paired = compare_paired(first, second);
  if (line.what == "permutation") {
    return {paired.permutation_p.value()};
  }
  Numbers numbers = numbers_of(paired);
  numbers.push_back(paired.effect.value());
  return numbers;
}

TEST(SciPyValues, AreOursToo) {
  std::map<std::string, int> seen;
  for (const Line& line : load_lines()) {
    const Numbers ours = compute(line);
    ASSERT_EQ(ours.size(), line.out.size()) << line.what;
    for (std::size_t i = 0; i < ours.size(); ++i) {
      EXPECT_NEAR(ours[i], line.out[i], 1e-9 * std::max(1.0, std::abs(line.out[i])))
          << line.what << ", number " << i << " of line " << seen[line.what];
    }
    ++seen[line.what];
  }
  EXPECT_EQ(seen.size(), 10U) << "lines are missing";
}

}  // namespace
}  // namespace glimpse::reports
