#pragma once

// How commands and replies lie in the spool's folder. Both appear whole, by rename; whoever takes a
// command removes it, and of several that try one succeeds, so a command is carried out at most
// once. Private to this folder.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace glimpse::launcher {

[[nodiscard]] std::filesystem::path command_file(const std::filesystem::path& folder,
                                                 std::string_view token);
[[nodiscard]] std::filesystem::path reply_file(const std::filesystem::path& folder,
                                               std::string_view token);
// The token in a command's file name; nothing for other names.
[[nodiscard]] std::optional<std::string> try_parse_command_file(std::string_view name);
// Files of ours that are of no use once they are old: replies, and what a crash left half made.
[[nodiscard]] bool is_spool_litter(std::string_view name);

// Throws StorageError (kRefused) for what is no plain file or above the limit, a link included.
[[nodiscard]] std::string load_spool_file(const std::filesystem::path& path);
void write_spool_file(const std::filesystem::path& path, std::string_view text);
// False when it was gone already.
bool try_remove(const std::filesystem::path& path);

}  // namespace glimpse::launcher
