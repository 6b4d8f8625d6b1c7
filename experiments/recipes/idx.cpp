#include "experiments/recipes/idx.h"

#include <algorithm>

#include "experiments/study_error.h"

namespace glimpse::experiments {
namespace {

// Magic: two zero bytes, the type of the elements, the number of sizes that follow.
constexpr std::uint32_t kUnsignedByte = 0x08;
constexpr std::size_t kMagicBytes = 4;
constexpr std::size_t kSizeBytes = 4;
constexpr std::uint32_t kImagesRank = 3;
constexpr std::uint32_t kLabelsRank = 1;
constexpr std::uint8_t kClasses = 10;

[[noreturn]] void fail(const std::string& source,
                       const std::string& field,
                       const std::string& why) {
  throw StudyError(source, {Issue{.pointer = "", .message = "IDX " + field + ": " + why}});
}

class HeaderReader {
 public:
  HeaderReader(std::span<const std::byte> head, std::string source)
      : head_(head), source_(std::move(source)) {}

  std::uint32_t big_endian(const std::string& field) {
    if (head_.size() - at_ < kSizeBytes) {
      fail(source_, field, "the file ends inside its header");
    }
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < kSizeBytes; ++i) {
      value = value << 8 | std::to_integer<std::uint32_t>(head_[at_ + i]);
    }
    at_ += kSizeBytes;
    return value;
  }

  void check_magic(std::uint32_t rank) {
    const std::uint32_t magic = big_endian("magic");
    if (magic >> 16 != 0) {
      fail(source_, "magic", "the first two bytes are not zero, so this is no IDX file");
    }
    if (magic >> 8 != kUnsignedByte) {
      fail(source_, "type", std::to_string(magic >> 8) + " instead of 8 (unsigned byte)");
    }
    if ((magic & 0xff) != rank) {
      fail(source_,
           "rank",
           std::to_string(magic & 0xff) + " instead of " + std::to_string(rank) +
               (rank == kImagesRank ? " (images)" : " (labels)"));
    }
  }

  std::uint32_t size(const std::string& field, std::uint32_t max) {
    const std::uint32_t value = big_endian(field);
    if (value < 1 || value > max) {
      fail(source_, field, std::to_string(value) + " is not within 1.." + std::to_string(max));
    }
    return value;
  }

  [[nodiscard]] std::size_t position() const { return at_; }

 private:
  std::span<const std::byte> head_;
  std::string source_;
  std::size_t at_ = 0;
};

struct ImagesHeader {
  std::uint32_t count = 0;
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;

  [[nodiscard]] std::uint64_t file_length() const {
    return kIdxHeaderBytes + std::uint64_t{count} * rows * columns;
  }
};

ImagesHeader parse_images_header(std::span<const std::byte> head, const std::string& source) {
  HeaderReader reader(head, source);
  reader.check_magic(kImagesRank);
  ImagesHeader header;
  header.count = reader.size("count", kMaxIdxImages);
  header.rows = reader.size("rows", kMaxIdxSide);
  header.columns = reader.size("columns", kMaxIdxSide);
  return header;
}

std::span<const std::uint8_t> body(std::span<const std::byte> bytes,
                                   std::size_t header_length,
                                   std::uint64_t declared,
                                   const std::string& source) {
  if (bytes.size() != declared) {
    fail(source,
         bytes.size() < declared ? "count" : "trailing bytes",
         "the header declares " + std::to_string(declared) + " bytes, the file has " +
             std::to_string(bytes.size()));
  }
  const auto content = bytes.subspan(header_length);
  return {reinterpret_cast<const std::uint8_t*>(content.data()), content.size()};
}

}  // namespace

std::uint64_t idx_images_length(std::span<const std::byte> head, const std::string& source) {
  return parse_images_header(head, source).file_length();
}

std::uint64_t idx_labels_length(std::span<const std::byte> head, const std::string& source) {
  HeaderReader reader(head, source);
  reader.check_magic(kLabelsRank);
  return std::uint64_t{kMagicBytes + kSizeBytes} + reader.size("count", kMaxIdxImages);
}

IdxImages parse_idx_images(std::span<const std::byte> bytes, const std::string& source) {
  const ImagesHeader header = parse_images_header(bytes, source);
  return IdxImages{.count = static_cast<int>(header.count),
                   .rows = static_cast<int>(header.rows),
                   .columns = static_cast<int>(header.columns),
                   .pixels = body(bytes, kIdxHeaderBytes, header.file_length(), source)};
}

IdxLabels parse_idx_labels(std::span<const std::byte> bytes, const std::string& source) {
  const auto labels =
      body(bytes, kMagicBytes + kSizeBytes, idx_labels_length(bytes, source), source);
  const auto wrong = std::find_if(
      labels.begin(), labels.end(), [](std::uint8_t label) { return label >= kClasses; });
  if (wrong != labels.end()) {
    fail(source,
         "label " + std::to_string(wrong - labels.begin()),
         std::to_string(*wrong) + " is not a digit");
  }
  return IdxLabels{.labels = labels};
}

}  // namespace glimpse::experiments
