// Prints keys with the texts they are hashes of, one pair a line, for rfc8785_judge.py.

#include <bit>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

#include "experiments/json_writer.h"
#include "experiments/philox.h"
#include "experiments/plan/trial_key.h"
#include "experiments/value.h"

namespace {

using namespace glimpse::experiments;

std::vector<double> hard_numbers() {
  using limits = std::numeric_limits<double>;
  std::vector<double> numbers = {0.0,
                                 -0.0,
                                 1e21,
                                 1e20,
                                 1e-6,
                                 1e-7,
                                 0.1 + 0.2,
                                 0x1p53,
                                 0x1p53 + 2,
                                 limits::denorm_min(),
                                 limits::min(),
                                 limits::max(),
                                 limits::epsilon(),
                                 5e-4,
                                 -1.5,
                                 123456789012345680000.0};
  RandomStream stream(1, Purpose::kSearch, 0, 0);
  while (numbers.size() < 20000) {
    const std::uint64_t high = stream.next_u32();
    const auto value = std::bit_cast<double>(high << 32 | stream.next_u32());
    if (std::isfinite(value)) {
      numbers.push_back(value);
      numbers.push_back(std::round(stream.uniform() * 1e6) / 1e6);
    }
  }
  return numbers;
}

}  // namespace

int main() {
  const std::vector<std::string> texts = {"",
                                          "plain",
                                          "\"quoted\\\"",
                                          "\b\f\n\r\t\x01\x1f\x7f",
                                          "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80",
                                          "\xE2\x80\xA8</script>"};
  std::uint64_t seed = 1;
  for (const double number : hard_numbers()) {
    const std::string& text = texts[seed % texts.size()];
    const KeyMaker maker({.kind = seed % 2 == 0 ? "train" : "command",
                          .code_json = seed % 2 == 0 ? "1" : "\"abc\"",
                          .dataset = seed % 3 == 0 ? "" : std::string(64, 'd'),
                          .arm = seed % 5 == 0 ? text : "",
                          .world_size = seed % 7 == 0 ? 4 : 1,
                          .parameters_json = render_json(
                              Assignment{{"b", number}, {"a_b", text}, {"B", true}, {"aB", 1.0}})});
    std::cout << maker.key(seed).hex() << ' ' << maker.text(seed) << '\n';
    seed = seed * 3 % ((std::uint64_t{1} << 53) - 1);
  }
  return std::cout.flush() ? 0 : 1;
}
