#include "storage/files/xxh3.h"

#include <charconv>
#include <new>
#include <vector>

// Compiled in, so that neither the programs nor a cluster's run paths need the shared library.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "storage/files/file_io.h"

namespace glimpse::storage {

struct Xxh3::State {
  struct Deleter {
    void operator()(XXH3_state_t* state) const noexcept { XXH3_freeState(state); }
  };
  std::unique_ptr<XXH3_state_t, Deleter> handle{XXH3_createState()};
};

Xxh3::Xxh3() : state_(std::make_unique<State>()) {
  if (state_->handle == nullptr || XXH3_64bits_reset(state_->handle.get()) != XXH_OK) {
    throw std::bad_alloc();
  }
}

Xxh3::~Xxh3() = default;
Xxh3::Xxh3(Xxh3&&) noexcept = default;
Xxh3& Xxh3::operator=(Xxh3&&) noexcept = default;

void Xxh3::update(std::span<const std::byte> bytes) {
  if (!bytes.empty()) {  // the library calls a null pointer an error even for no bytes
    XXH3_64bits_update(state_->handle.get(), bytes.data(), bytes.size());
  }
}

void Xxh3::update(std::string_view text) {
  update(std::as_bytes(std::span(text)));
}

std::uint64_t Xxh3::digest() const {
  return XXH3_64bits_digest(state_->handle.get());
}

std::uint64_t xxh3(std::span<const std::byte> bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

std::uint64_t xxh3(std::string_view text) {
  return xxh3(std::as_bytes(std::span(text)));
}

std::uint64_t hash_file(const std::filesystem::path& path) {
  const FileDescriptor file = open_plain_file(path);
  std::vector<std::byte> buffer(std::size_t{256} * 1024);
  Xxh3 hash;
  while (const std::size_t count = read_some(file, buffer, path)) {
    hash.update(std::span(buffer).first(count));
  }
  return hash.digest();
}

std::string render_hash(std::uint64_t hash) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(16, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, hash >>= 4) {
    *digit = kDigits[hash & 15];
  }
  return text;
}

std::optional<std::uint64_t> try_parse_hash(std::string_view text) {
  if (text.size() != 16 || text.find_first_not_of("0123456789abcdef") != std::string_view::npos) {
    return std::nullopt;
  }
  std::uint64_t hash = 0;
  std::from_chars(text.data(), text.data() + text.size(), hash, 16);
  return hash;
}

}  // namespace glimpse::storage
