#include "experiments/nearest.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <utility>
#include <vector>

namespace glimpse::experiments {
namespace {

// Names longer than this are no slips of the pen, and comparing them would cost a hostile file's
// reader minutes.
constexpr std::size_t kLongestName = 64;

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return out;
}

// A third of a name may be wrong, but one slip is always forgiven in names of three or more.
int most_slips(std::size_t length) {
  return length < 3 ? 0 : std::max(1, static_cast<int>(length / 3));
}

}  // namespace

int edit_distance(std::string_view a, std::string_view b) {
  // Rows of the classic table; two rows back is needed for a swap of neighbours.
  std::vector<int> before_last(b.size() + 1);
  std::vector<int> last(b.size() + 1);
  std::vector<int> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    last[j] = static_cast<int>(j);
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

// Capitals are forgiven: they are never what tells two names apart.
std::optional<std::string> nearest_name(std::string_view wanted,
                                        std::span<const std::string> names) {
  if (wanted.size() > kLongestName) {
    return std::nullopt;
  }
  const std::string simple = lower(wanted);
  std::optional<std::string> best;
  int best_distance = most_slips(wanted.size()) + 1;
  for (const std::string& name : names) {
    const int distance =
        name.size() > kLongestName ? best_distance : edit_distance(simple, lower(name));
    if (distance < best_distance) {
      best_distance = distance;
      best = name;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view wanted, std::span<const std::string> names) {
  const std::optional<std::string> name = nearest_name(wanted, names);
  return name ? " (did you mean \"" + *name + "\"?)" : "";
}

std::string did_you_mean_any(std::string_view wanted, std::span<const std::string> names) {
  constexpr std::size_t kMostListed = 10;
  std::string hint = did_you_mean(wanted, names);
  if (!hint.empty() || names.empty()) {
    return hint;
  }
  for (const std::string& name : names.first(std::min(names.size(), kMostListed))) {
    hint += (hint.empty() ? " (there are " : ", ") + name;
  }
  return hint + (names.size() > kMostListed ? ", ...)" : ")");
}

}  // namespace glimpse::experiments
