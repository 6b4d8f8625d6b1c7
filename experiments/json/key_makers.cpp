#include "experiments/json/key_makers.h"

namespace glimpse::experiments {

KeyRow special_row(
    std::string path, KeyType type, std::string fallback, std::string doc, Read read, Write write) {
  return {.path = std::move(path),
          .type = type,
          .fallback = std::move(fallback),
          .doc = std::move(doc),
          .read = read,
          .write = write};
}

KeyRow section_row(std::string path, std::string doc) {
  return special_row(
      std::move(path),
      KeyType::kSection,
      "{}",
      std::move(doc),
      [](const ValueReader&, Study&) {},
      [](const Study&) { return std::optional(JsonNode{.value = JsonMembers{}, .place = {}}); });
}

}  // namespace glimpse::experiments
