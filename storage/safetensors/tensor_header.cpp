#include "storage/safetensors/tensor_header.h"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>
#include <tuple>
#include <utility>

#include <nlohmann/json.hpp>

namespace glimpse::storage {
namespace {

constexpr std::string_view kMetadataKey = "__metadata__";

struct TypeRow {
  TensorType type;
  std::string_view name;
  std::size_t bytes;
};

constexpr std::array<TypeRow, 15> kTypes{{
    {TensorType::kBool, "BOOL", 1},
    {TensorType::kU8, "U8", 1},
    {TensorType::kI8, "I8", 1},
    {TensorType::kF8E5M2, "F8_E5M2", 1},
    {TensorType::kF8E4M3, "F8_E4M3", 1},
    {TensorType::kU16, "U16", 2},
    {TensorType::kI16, "I16", 2},
    {TensorType::kF16, "F16", 2},
    {TensorType::kBf16, "BF16", 2},
    {TensorType::kU32, "U32", 4},
    {TensorType::kI32, "I32", 4},
    {TensorType::kF32, "F32", 4},
    {TensorType::kU64, "U64", 8},
    {TensorType::kI64, "I64", 8},
    {TensorType::kF64, "F64", 8},
}};

const TypeRow& row_of(TensorType type) {
  return kTypes.at(static_cast<std::size_t>(type));
}

// A name from a file, safe on one line of a message however long and odd it is.
std::string quote(std::string_view name) {
  constexpr std::size_t kShown = 80;
  const nlohmann::json text(std::string(name.substr(0, kShown)));
  return text.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

// Takes the header apart while it is read: what does not belong there ends the reading at once, so
// that no text, however deep or long, is ever held as a tree.
class HeaderReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  TensorHeader take_header() { return std::move(header_); }
  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] StorageFault fault() const { return fault_; }

  bool start_object(std::size_t) override {
    switch (state_) {
      case State::kStart:
        return enter(State::kRoot);
      case State::kMetadataStart:
        return enter(State::kMetadata);
      case State::kTensorStart:
        return enter(State::kTensor);
      default:
        return unexpected("an object");
    }
  }

  bool end_object() override {
    switch (state_) {
      case State::kMetadata:
        return enter(State::kRoot);
      case State::kTensor:
        return end_tensor();
      default:  // the root's; the parser lets no other end
        return enter(State::kEnd);
    }
  }

  bool key(std::string& name) override {
    switch (state_) {
      case State::kMetadata:
        metadata_key_ = name;
        return header_.metadata.contains(name) ? fail("stands twice in the metadata", name)
                                               : enter(State::kMetadataValue);
      case State::kTensor:
        return tensor_key(name);
      default:
        return root_key(name);
    }
  }

  bool string(std::string& text) override {
    switch (state_) {
      case State::kMetadataValue:
        header_.metadata.emplace(metadata_key_, text);
        return enter(State::kMetadata);
      case State::kType:
        return set_type(text);
      default:
        return unexpected("a text");
    }
  }

  bool start_array(std::size_t) override {
    switch (state_) {
      case State::kShapeStart:
        return enter(State::kShape);
      case State::kRangeStart:
        return enter(State::kRange);
      default:
        return unexpected("an array");
    }
  }

  bool end_array() override {
    if (state_ == State::kRange && range_.size() != 2) {
      return fail("data_offsets are not two numbers", tensor_.name);
    }
    return enter(State::kTensor);
  }

  bool number_unsigned(std::uint64_t number) override {
    if (state_ == State::kShape) {
      if (number > static_cast<std::uint64_t>(INT64_MAX) ||
          tensor_.shape.size() == kMaxTensorRank) {
        return fail("shape is out of bounds", tensor_.name);
      }
      tensor_.shape.push_back(static_cast<std::int64_t>(number));
      return true;
    }
    if (state_ == State::kRange && range_.size() < 2) {
      range_.push_back(number);
      return true;
    }
    return unexpected("a number");
  }

  bool number_integer(std::int64_t) override { return unexpected("a negative number"); }
  bool number_float(double, const std::string&) override { return unexpected("a fraction"); }
  bool boolean(bool) override { return unexpected("a boolean"); }
  bool null() override { return unexpected("null"); }
  bool binary(nlohmann::json::binary_t&) override { return unexpected("bytes"); }

  bool parse_error(std::size_t position,
                   const std::string&,
                   const nlohmann::detail::exception&) override {
    error_ = "not JSON at byte " + std::to_string(position);
    return false;
  }

 private:
  enum class State {
    kStart,
    kRoot,
    kMetadataStart,
    kMetadata,
    kMetadataValue,
    kTensorStart,
    kTensor,
    kType,
    kShapeStart,
    kShape,
    kRangeStart,
    kRange,
    kEnd,
  };

  bool enter(State state) {
    state_ = state;
    return true;
  }

  bool fail(const std::string& why, std::string_view name) {
    error_ = quote(name) + ": " + why;
    return false;
  }

  bool unexpected(const std::string& what) {
    error_ = "holds " + what + " where the format has none";
    return false;
  }

  bool root_key(const std::string& name) {
    if (!names_.insert(name).second) {
      return fail("stands twice", name);
    }
    if (name == kMetadataKey) {
      return enter(State::kMetadataStart);
    }
    tensor_ = TensorEntry{};
    tensor_.name = name;
    range_.clear();
    has_type_ = has_shape_ = has_range_ = false;
    return enter(State::kTensorStart);
  }

  bool tensor_key(std::string_view name) {
    if (name == "dtype" && !std::exchange(has_type_, true)) {
      return enter(State::kType);
    }
    if (name == "shape" && !std::exchange(has_shape_, true)) {
      return enter(State::kShapeStart);
    }
    if (name == "data_offsets" && !std::exchange(has_range_, true)) {
      return enter(State::kRangeStart);
    }
    return fail("unknown or repeated key " + quote(name), tensor_.name);
  }

  bool set_type(std::string_view name) {
    const auto type = try_parse_tensor_type(name);
    if (!type) {
      fault_ = StorageFault::kForeign;
      return fail("unknown dtype " + quote(name), tensor_.name);
    }
    tensor_.type = *type;
    return enter(State::kTensor);
  }

  bool end_tensor() {
    if (!has_type_ || !has_shape_ || !has_range_) {
      return fail("needs dtype, shape and data_offsets", tensor_.name);
    }
    tensor_.begin = range_[0];
    tensor_.end = range_[1];
    header_.tensors.push_back(std::move(tensor_));
    return enter(State::kRoot);
  }

  State state_ = State::kStart;
  StorageFault fault_ = StorageFault::kDamaged;
  std::string error_;
  TensorHeader header_;
  std::set<std::string, std::less<>> names_;
  std::string metadata_key_;
  TensorEntry tensor_;
  std::vector<std::uint64_t> range_;
  bool has_type_ = false;
  bool has_shape_ = false;
  bool has_range_ = false;
};

// Why the tensors do not lie back to back in `data_bytes` bytes; empty when they do.
std::string find_misplaced(const std::vector<TensorEntry>& in_order, std::uint64_t data_bytes) {
  std::uint64_t at = 0;
  for (const TensorEntry& tensor : in_order) {
    if (tensor.begin != at) {
      return quote(tensor.name) + ": begins at byte " + std::to_string(tensor.begin) +
             " of the data, not at " + std::to_string(at);
    }
    if (tensor.end < tensor.begin || tensor.end > data_bytes) {
      return quote(tensor.name) + ": ends at byte " + std::to_string(tensor.end) + " of " +
             std::to_string(data_bytes);
    }
    if (try_tensor_bytes(tensor.type, tensor.shape) != tensor.end - tensor.begin) {
      return quote(tensor.name) + ": its shape does not fit its " +
             std::to_string(tensor.end - tensor.begin) + " bytes";
    }
    at = tensor.end;
  }
  return at == data_bytes ? ""
                          : "the tensors end at byte " + std::to_string(at) + " of " +
                                std::to_string(data_bytes);
}

[[noreturn]] void throw_bad_header(const std::filesystem::path& path,
                                   StorageFault fault,
                                   const std::string& why) {
  throw StorageError(fault, path, "read tensors " + path.string() + ": header: " + why);
}

// Throws std::invalid_argument for text that is not UTF-8.
std::string to_json(const nlohmann::ordered_json& value) {
  try {
    return value.dump();
  } catch (const nlohmann::json::type_error&) {
    throw std::invalid_argument("a tensor header holds text that is not UTF-8");
  }
}

}  // namespace

std::string_view name_of(TensorType type) {
  return row_of(type).name;
}

std::size_t element_bytes(TensorType type) {
  return row_of(type).bytes;
}

std::optional<TensorType> try_parse_tensor_type(std::string_view name) {
  for (const TypeRow& row : kTypes) {
    if (row.name == name) {
      return row.type;
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> try_tensor_bytes(TensorType type,
                                              std::span<const std::int64_t> shape) {
  std::uint64_t bytes = element_bytes(type);
  for (const std::int64_t side : shape) {
    if (side < 0 || __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(side), &bytes)) {
      return std::nullopt;
    }
  }
  return bytes;
}

TensorHeader parse_tensor_header(std::string_view json,
                                 std::uint64_t data_bytes,
                                 const std::filesystem::path& path) {
  // The format says so; the JSON parser would also take a byte order mark and blanks.
  if (!json.starts_with('{')) {
    throw_bad_header(path, StorageFault::kDamaged, "does not begin with {");
  }
  // To the JSON parser a zero byte is the end of the text, whatever stands behind it.
  if (json.find('\0') != std::string_view::npos) {
    throw_bad_header(path, StorageFault::kDamaged, "holds a zero byte");
  }
  HeaderReader reader;
  if (!nlohmann::json::sax_parse(json.begin(), json.end(), &reader)) {
    throw_bad_header(path, reader.fault(), reader.error());
  }
  TensorHeader header = reader.take_header();
  const auto place = [](const TensorEntry& tensor) { return std::tie(tensor.begin, tensor.end); };
  std::ranges::stable_sort(header.tensors, {}, place);
  if (const std::string why = find_misplaced(header.tensors, data_bytes); !why.empty()) {
    throw_bad_header(path, StorageFault::kDamaged, why);
  }
  return header;
}

std::string render_tensor_header(const TensorHeader& header) {
  auto root = nlohmann::ordered_json::object();
  if (!header.metadata.empty()) {
    root[std::string(kMetadataKey)] = header.metadata;
  }
  std::set<std::string_view> names{kMetadataKey};
  std::string json = to_json(root);
  json.pop_back();
  // Tensors are appended as text: an ordered object looks each new key up among all before it.
  for (const TensorEntry& tensor : header.tensors) {
    if (!names.insert(tensor.name).second) {
      throw std::invalid_argument("tensor name " + quote(tensor.name) + " is taken");
    }
    const nlohmann::ordered_json entry{{"dtype", name_of(tensor.type)},
                                       {"shape", tensor.shape},
                                       {"data_offsets", {tensor.begin, tensor.end}}};
    json += json.size() > 1 ? "," : "";
    json += to_json(tensor.name) + ":" + to_json(entry);
  }
  json += '}';
  json.append((8 - json.size() % 8) % 8, ' ');
  return json;
}

}  // namespace glimpse::storage
