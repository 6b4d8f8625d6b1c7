#include "experiments/hash/sha256.h"

#include <stdexcept>

#include <openssl/evp.h>

namespace glimpse::experiments {
namespace {

void check(int rc, const char* what) {
  if (rc != 1) {
    throw std::runtime_error(std::string("SHA-256: ") + what + " failed in OpenSSL");
  }
}

// Looked up once: OpenSSL 3 searches its providers on every EVP_sha256().
const EVP_MD* algorithm() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  if (fetched == nullptr) {
    throw std::runtime_error("SHA-256: OpenSSL has no provider for it");
  }
  return fetched;
}

}  // namespace

struct Sha256::Context {
  struct Deleter {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Deleter> handle{EVP_MD_CTX_new()};
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  if (context_->handle == nullptr) {
    throw std::runtime_error("SHA-256: out of memory");
  }
  check(EVP_DigestInit_ex2(context_->handle.get(), algorithm(), nullptr), "start");
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::span<const std::byte> bytes) {
  check(EVP_DigestUpdate(context_->handle.get(), bytes.data(), bytes.size()), "update");
}

void Sha256::update(std::string_view text) {
  update(std::as_bytes(std::span(text)));
}

Sha256Digest Sha256::finish() {
  Sha256Digest digest{};
  check(EVP_DigestFinal_ex(context_->handle.get(), digest.data(), nullptr), "finish");
  check(EVP_DigestInit_ex2(context_->handle.get(), algorithm(), nullptr), "start");
  return digest;
}

Sha256Digest sha256(std::string_view text) {
  Sha256 hash;
  hash.update(text);
  return hash.finish();
}

std::string hex(std::span<const std::uint8_t> bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace glimpse::experiments
