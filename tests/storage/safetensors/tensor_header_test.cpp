#include "storage/safetensors/tensor_header.h"

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace glimpse::storage {
namespace {

std::string error_of(const std::string& json, std::uint64_t data_bytes, StorageFault fault) {
  try {
    static_cast<void>(parse_tensor_header(json, data_bytes, "x.safetensors"));
  } catch (const StorageError& error) {
    EXPECT_EQ(error.fault(), fault) << error.what();
    EXPECT_EQ(error.path(), "x.safetensors");
    return error.what();
  }
  return "accepted";
}

std::string tensor(const std::string& name, const std::string& shape, int begin, int end) {
  return "\"" + name + "\":{\"dtype\":\"U8\",\"shape\":" + shape + ",\"data_offsets\":[" +
         std::to_string(begin) + "," + std::to_string(end) + "]}";
}

TEST(TensorHeader, IsReadBackAsWritten) {
  const TensorHeader header{{{"step", "7"}, {"note", "a\"b\n\xc3\xa9"}},
                            {{"b", TensorType::kF32, {2, 3}, 0, 24},
                             {"a", TensorType::kBool, {}, 24, 25},
                             {"none", TensorType::kI64, {0}, 25, 25}}};
  const std::string json = render_tensor_header(header);
  EXPECT_EQ(json.size() % 8, 0U);
  const TensorHeader read = parse_tensor_header(json, 25, "x");
  EXPECT_EQ(read.metadata, header.metadata);
  ASSERT_EQ(read.tensors.size(), 3U);
  EXPECT_EQ(read.tensors[0].name, "b");
  EXPECT_EQ(read.tensors[0].shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(read.tensors[1].type, TensorType::kBool);
  EXPECT_EQ(read.tensors[2].end, 25U);
}

TEST(TensorHeader, HasTheDocumentedText) {
  const TensorHeader header{{{"k", "v"}}, {{"t", TensorType::kF16, {1, 2}, 0, 4}}};
  EXPECT_EQ(render_tensor_header(header),
            R"({"__metadata__":{"k":"v"},"t":{"dtype":"F16","shape":[1,2],"data_offsets":[0,4]}})"
            "       ");
}

TEST(TensorHeader, SortsTensorsByTheirBytes) {
  const auto header = parse_tensor_header(
      "{" + tensor("b", "[2]", 1, 3) + "," + tensor("a", "[1]", 0, 1) + "}", 3, "x");
  EXPECT_EQ(header.tensors.at(0).name, "a");
  EXPECT_EQ(header.tensors.at(1).name, "b");
}

TEST(TensorHeader, NamesTypesAndTheirSizes) {
  for (int i = 0; i < 15; ++i) {
    const auto type = static_cast<TensorType>(i);
    EXPECT_EQ(try_parse_tensor_type(name_of(type)), type);
  }
  EXPECT_EQ(element_bytes(TensorType::kBf16), 2U);
  EXPECT_EQ(element_bytes(TensorType::kF64), 8U);
  EXPECT_EQ(try_parse_tensor_type("f32"), std::nullopt);
}

TEST(TensorHeader, CountsBytesWithoutOverflow) {
  using Shape = std::vector<std::int64_t>;
  EXPECT_EQ(try_tensor_bytes(TensorType::kF32, Shape{}), 4U);
  EXPECT_EQ(try_tensor_bytes(TensorType::kF32, Shape{0, INT64_MAX}), 0U);
  EXPECT_EQ(try_tensor_bytes(TensorType::kF32, Shape{INT64_MAX, 4}), std::nullopt);
  // 2^62 * 8 wraps to 0, which would fit an empty range.
  EXPECT_EQ(try_tensor_bytes(TensorType::kF64, Shape{1LL << 31, 1LL << 31}), std::nullopt);
  EXPECT_EQ(try_tensor_bytes(TensorType::kU8, Shape{-1}), std::nullopt);
}

TEST(TensorHeader, RefusesEveryLie) {
  const std::vector<std::pair<std::string, std::string>> lies{
      {"", "does not begin with {"},
      {"\xef\xbb\xbf{}", "does not begin with {"},
      {" {}", "does not begin with {"},
      {"[]", "does not begin with {"},
      {"{", "not JSON"},
      {"{}x", "not JSON"},
      {std::string("{}\0x", 4), "holds a zero byte"},
      {"{\"\xff\":1}", "not JSON"},
      {"{\"a\":1}", "holds a number"},
      {"{\"a\":[[[[[[", "holds an array"},
      {"{\"a\":{\"dtype\":{", "holds an object"},
      {"{\"a\":{\"dtype\":\"U8\"}}", "needs dtype, shape and data_offsets"},
      {"{\"a\":{\"dtype\":\"U8\",\"extra\":1}}", "unknown or repeated key \"extra\""},
      {"{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\"}}", "unknown or repeated key \"dtype\""},
      {"{\"a\":{\"shape\":[-1]}}", "a negative number"},
      {"{\"a\":{\"shape\":[1.5]}}", "a fraction"},
      {"{\"a\":{\"shape\":[9223372036854775808]}}", "shape is out of bounds"},
      {"{\"a\":{\"shape\":[18446744073709551616]}}", "a fraction"},
      {"{\"a\":{\"shape\":[true]}}", "a boolean"},
      {"{\"a\":{\"shape\":null}}", "null"},
      {"{\"a\":{\"data_offsets\":[0]}}", "not two numbers"},
      {"{\"a\":{\"data_offsets\":[0,1,2]}}", "holds a number"},
      {"{\"__metadata__\":{\"a\":1}}", "holds a number"},
      {"{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", "\"a\": stands twice in the metadata"},
      {"{\"__metadata__\":{},\"__metadata__\":{}}", "stands twice"},
      {"{" + tensor("a", "[4]", 0, 4) + "," + tensor("a", "[4]", 4, 8) + "}",
       "\"a\": stands twice"},
      {"{" + tensor("a", "[4]", 0, 4) + "}", "end at byte 4 of 8"},
      {"{" + tensor("a", "[9]", 0, 9) + "}", "ends at byte 9 of 8"},
      {"{" + tensor("a", "[4]", 0, 8) + "}", "does not fit its 8 bytes"},
      {"{" + tensor("a", "[9223372036854775807,4]", 0, 8) + "}", "does not fit its 8 bytes"},
      {"{" + tensor("a", "[4]", 4, 0) + "}", "begins at byte 4"},
      {"{" + tensor("a", "[4]", 0, 4) + "," + tensor("b", "[3]", 5, 8) + "}",
       "\"b\": begins at byte 5"},
      {"{" + tensor("a", "[5]", 0, 5) + "," + tensor("b", "[4]", 4, 8) + "}",
       "\"b\": begins at byte 4"},
      {"{}", "end at byte 0 of 8"},
  };
  for (const auto& [json, why] : lies) {
    const std::string error = error_of(json, 8, StorageFault::kDamaged);
    EXPECT_NE(error.find(why), std::string::npos) << json << "\n" << error;
  }
}

TEST(TensorHeader, CallsAnUnknownTypeForeign) {
  const std::string json = R"({"a":{"dtype":"F4","shape":[2],"data_offsets":[0,1]}})";
  EXPECT_EQ(error_of(json, 1, StorageFault::kForeign),
            "read tensors x.safetensors: header: \"a\": unknown dtype \"F4\"");
}

TEST(TensorHeader, KeepsMessagesOnOneShortLine) {
  const std::string name(100000, 'n');
  const std::string error = error_of("{\"" + name + "\\n\":1}", 0, StorageFault::kDamaged) +
                            error_of("{\"a\\nb\":{\"x\":1}}", 0, StorageFault::kDamaged);
  EXPECT_LT(error.size(), 500U);
  EXPECT_EQ(error.find('\n'), std::string::npos);
}

TEST(TensorHeader, RefusesMoreSidesThanATensorCanHave) {
  std::string shape = "[1";
  for (std::size_t i = 1; i < kMaxTensorRank; ++i) {
    shape += ",1";
  }
  const auto json = [&](const std::string& sides) { return "{" + tensor("a", sides, 0, 1) + "}"; };
  EXPECT_EQ(parse_tensor_header(json(shape + "]"), 1, "x").tensors.size(), 1U);
  EXPECT_NE(error_of(json(shape + ",1]"), 1, StorageFault::kDamaged), "accepted");
}

TEST(TensorHeader, IsNotWrittenWithBadNames) {
  const auto render = [](std::vector<std::string> names) {
    TensorHeader header;
    for (std::string& name : names) {
      header.tensors.push_back({std::move(name), TensorType::kU8, {0}, 0, 0});
    }
    return render_tensor_header(header);
  };
  EXPECT_NO_THROW(render({"a", "b"}));
  EXPECT_THROW(render({"a", "a"}), std::invalid_argument);
  EXPECT_THROW(render({"__metadata__"}), std::invalid_argument);
  EXPECT_THROW(render({"\xff"}), std::invalid_argument);
}

}  // namespace
}  // namespace glimpse::storage
