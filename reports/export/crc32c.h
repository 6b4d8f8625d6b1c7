#pragma once

// The check sum of TensorBoard's files: CRC-32C (Castagnoli), as RFC 3720 has it. Pure.

#include <cstdint>
#include <string_view>

namespace glimpse::reports {

std::uint32_t crc32c(std::string_view bytes);
// As it stands in a file, so that a check sum over data with check sums does not hit fixed points.
std::uint32_t masked_crc32c(std::string_view bytes);

}  // namespace glimpse::reports
