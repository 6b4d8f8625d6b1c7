#include "tests/support/io_fault.h"

#include <array>
#include <csignal>
#include <cstring>
#include <stdexcept>

#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> make_variables(const IoFault& fault, const fs::path& map) {
  return {
      std::string("LD_PRELOAD=") + GLIMPSE_FAILING_IO,
      "GLIMPSE_TEST_FAIL_DIR=" + fault.folder.string(),
      "GLIMPSE_TEST_FAIL_OPS=" + fault.operations,
      "GLIMPSE_TEST_FAIL_MAP=" + map.string(),
      "GLIMPSE_TEST_FAIL_IO=" + std::to_string(fault.at) + (fault.goes_on ? "+:" : ":") +
          fault.action,
      "GLIMPSE_TEST_FILE_SYSTEM=" + std::to_string(fault.file_system),
      // The address sanitizer wants to be loaded first, and works as well when it is not.
      "ASAN_OPTIONS=verify_asan_link_order=0",
  };
}

}  // namespace

ChildResult run_with_fault(const std::vector<std::string>& command, const IoFault& fault) {
  const TempDir own;
  save_bytes(own / "map", std::string(16, '\0'));
  ChildProcess child(command, make_variables(fault, own / "map"));
  child.close_input();
  ChildResult result;
  result.output = child.read_to_end();
  const ChildEnd end = child.wait();
  result.exit_code = end.exit_code;
  result.signal = end.signal;
  std::array<std::uint64_t, 2> counts{};
  std::memcpy(counts.data(), load_bytes(own / "map").data(), sizeof(counts));
  result.calls = counts[0];
  result.has_fired = counts[1] > 0;
  if (result.exit_code == 127 || result.signal == SIGABRT) {
    throw std::runtime_error("child could not run: " + result.output);
  }
  return result;
}

std::uint64_t fail_every_operation(const FaultCampaign& campaign) {
  for (std::uint64_t at = 1;; ++at) {
    const TempDir dir;
    if (campaign.prepare) {
      campaign.prepare(dir.path());
    }
    const ChildResult result = run_with_fault(campaign.command(dir.path()),
                                              {.folder = dir.path(),
                                               .at = at,
                                               .action = campaign.action,
                                               .goes_on = campaign.goes_on,
                                               .operations = campaign.operations,
                                               .file_system = campaign.file_system});
    if (!result.has_fired) {
      if (result.exit_code != 0) {
        throw std::runtime_error("child fails without a fault: " + result.output);
      }
      return at - 1;
    }
    campaign.judge(dir.path(), result);
  }
}

}  // namespace glimpse::tests
