#pragma once

// Where the values of a study stand in its text, for what is found wrong with it after reading.
// Plain data; any thread may ask.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "experiments/json/json_document.h"
#include "experiments/study_error.h"

namespace glimpse::experiments {

// The value at a JSON pointer, or the last one on the way to it.
const JsonNode& nearest_node(const JsonNode& root, std::string_view pointer);

// The keys and indices of a pointer, without its escapes.
std::vector<std::string> split_pointer(std::string_view pointer);

class StudyPlaces {
 public:
  // `source` names the text: "table1.json".
  StudyPlaces(JsonNode root, std::string source)
      : root_(std::move(root)), source_(std::move(source)) {}

  // The same error, each issue with the line and column of its culprit, or of the nearest value
  // around it; what came from the command line is said to.
  [[nodiscard]] StudyError locate(const StudyError& error) const;

 private:
  JsonNode root_;
  std::string source_;
};

// Calls `make`, whose complaints about the study get their places.
template <typename Make>
auto with_places(const StudyPlaces& places, const Make& make) {
  try {
    return make();
  } catch (const StudyError& error) {
    throw places.locate(error);
  }
}

}  // namespace glimpse::experiments
