#include "storage/zlib/gunzip.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fcntl.h>
#include <zlib.h>

#include "storage/storage_error.h"

namespace glimpse::storage {
namespace {

constexpr std::size_t kInputBytes = 1U << 16;
constexpr std::size_t kFirstGrowth = 1U << 20;
// The largest window, and 16 to ask zlib for a gzip header and trailer instead of its own.
constexpr int kGzipOnly = MAX_WBITS + 16;

bool is_gzip(std::span<const std::byte> head) {
  return head.size() >= 2 && head[0] == std::byte{0x1f} && head[1] == std::byte{0x8b};
}

}  // namespace

void UnpackingReader::InflateEnd::operator()(z_stream_s* stream) const noexcept {
  inflateEnd(stream);
  std::default_delete<z_stream_s>()(stream);
}

UnpackingReader::UnpackingReader(std::filesystem::path path)
    : path_(std::move(path)),
      file_(open_file(path_, O_RDONLY)),
      input_(kInputBytes),
      stream_(new z_stream_s{}) {
  is_at_end_ = !refill();
  is_packed_ = is_gzip(std::span(input_).first(stream_->avail_in));
  if (is_packed_ && inflateInit2(stream_.get(), kGzipOnly) != Z_OK) {
    fail("zlib cannot start (out of memory?)");
  }
}

std::size_t UnpackingReader::read(std::span<std::byte> out) {
  std::size_t done = 0;
  while (done < out.size() && !is_at_end_) {
    // zlib counts in 32 bits, a span in 64.
    const std::size_t wanted = std::min<std::size_t>(out.size() - done, 1U << 30);
    stream_->next_out = reinterpret_cast<Bytef*>(out.data() + done);
    stream_->avail_out = static_cast<uInt>(wanted);
    if (is_packed_) {
      inflate_some();
    } else {
      copy_some();
    }
    done += wanted - stream_->avail_out;
  }
  return done;
}

bool UnpackingReader::refill() {
  stream_->next_in = reinterpret_cast<Bytef*>(input_.data());
  stream_->avail_in = static_cast<uInt>(read_some(file_, input_, path_));
  return stream_->avail_in > 0;
}

void UnpackingReader::copy_some() {
  if (stream_->avail_in == 0 && !refill()) {
    is_at_end_ = true;
    return;
  }
  const uInt count = std::min(stream_->avail_in, stream_->avail_out);
  std::copy_n(stream_->next_in, count, stream_->next_out);
  stream_->next_in += count;
  stream_->avail_in -= count;
  stream_->next_out += count;
  stream_->avail_out -= count;
}

void UnpackingReader::inflate_some() {
  if (stream_->avail_in == 0 && !refill()) {
    fail("the gzip data end too early (a truncated download?)");
  }
  const int rc = inflate(stream_.get(), Z_NO_FLUSH);
  if (rc == Z_STREAM_END) {
    start_next_member();
  } else if (rc != Z_OK && rc != Z_BUF_ERROR) {
    fail(stream_->msg != nullptr ? stream_->msg : "damaged gzip data");
  }
}

void UnpackingReader::start_next_member() {
  if (stream_->avail_in == 0 && !refill()) {
    is_at_end_ = true;
    return;
  }
  if (*stream_->next_in != 0x1f) {
    fail("bytes that are no gzip data follow the end");
  }
  if (inflateReset(stream_.get()) != Z_OK) {
    fail("zlib cannot start over");
  }
}

void UnpackingReader::fail(const char* why) const {
  throw StorageError(StorageFault::kDamaged, path_, "unpack " + path_.string() + ": " + why);
}

std::vector<std::byte> load_unpacked(const std::filesystem::path& path,
                                     std::size_t head_size,
                                     const LengthRule& length_rule) {
  UnpackingReader reader(path);
  std::vector<std::byte> content(head_size);
  std::size_t done = reader.read(content);
  const std::uint64_t declared = length_rule(std::span<const std::byte>(content).first(done));
  while (done == content.size() && done < declared) {
    const std::size_t more = std::max(kFirstGrowth, content.size());
    content.resize(static_cast<std::size_t>(std::min<std::uint64_t>(declared, done + more)));
    done += reader.read(std::span(content).subspan(done));
  }
  content.resize(done);
  std::byte extra{};
  if (reader.read(std::span(&extra, 1)) > 0) {
    throw StorageError(StorageFault::kDamaged,
                       path,
                       "unpack " + path.string() + ": longer than the " + std::to_string(declared) +
                           " bytes its header declares");
  }
  return content;
}

}  // namespace glimpse::storage
