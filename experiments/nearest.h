#pragma once

// Finds the name somebody most likely meant. Pure functions, used wherever a name is refused: keys
// of a study, model parameters, overrides, verbs of the command line.

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace glimpse::experiments {

// Insertions, deletions, replacements and swaps of neighbours that turn one name into the other.
int edit_distance(std::string_view a, std::string_view b);

// The closest of the names, the first of equals; nothing if none is near enough to be a slip.
std::optional<std::string> nearest_name(std::string_view wanted,
                                        std::span<const std::string> names);

// ' (did you mean "dropout"?)', or nothing: to be put behind a complaint.
std::string did_you_mean(std::string_view wanted, std::span<const std::string> names);
// The same, but where no name is near it lists them: for names of which there are few.
std::string did_you_mean_any(std::string_view wanted, std::span<const std::string> names);

}  // namespace glimpse::experiments
