#pragma once

// Runs work in a forked copy of this process, so that a library which crashes on hostile bytes
// takes only the copy down. For processes with one thread: a copy has no other threads, and waits
// for ever on a lock that one of them held.

#include <filesystem>
#include <functional>
#include <string>

#include "launcher/interruption.h"

namespace glimpse::launcher {

// What `work` throws arrives here as a StorageError. When it is ended by a signal, that is damage
// of `path`: "`what`: ...". Only what `work` leaves on disk outlives it. An interruption kills the
// copy, which gets no chance to tidy up.
void run_isolated(const std::string& what,
                  const std::filesystem::path& path,
                  const Interruption& interruption,
                  const std::function<void()>& work);

}  // namespace glimpse::launcher
