#pragma once

// Writes a JSON tree for people: two spaces a level, small objects and lists on one line.

#include <functional>
#include <string>
#include <string_view>

#include "experiments/json/json_document.h"

namespace glimpse::experiments {

// The comment to put behind the member at a JSON pointer; "" for none.
using CommentOf = std::function<std::string(const std::string& pointer)>;

// Ends with a line end. Reading the text again gives the same tree.
std::string print_json(const JsonNode& node, const CommentOf& comment_of = {});

}  // namespace glimpse::experiments
