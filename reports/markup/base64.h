#pragma once

// Base64 of RFC 4648, with padding: how data URIs and content security policies spell bytes. Pure.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace glimpse::reports {

std::string base64(std::span<const std::uint8_t> bytes);
std::string base64(std::span<const std::byte> bytes);

}  // namespace glimpse::reports
