// The other side of safetensors_judge.py: writes our sample file, and says of other files what we
// read in them.

#include <cstdio>
#include <string>
#include <vector>

#include "storage/safetensors/tensor_file.h"
#include "storage/storage_error.h"
#include "tests/storage/safetensors/samples.h"

namespace {

namespace storage = glimpse::storage;

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    text += kDigits[static_cast<unsigned char>(byte) >> 4];
    text += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

void write_sample(const std::string& path) {
  storage::AtomicFile file(path);
  storage::write_tensors(file, glimpse::tests::make_tensors().views, {{"key", "value \xc3\xa9"}});
  file.commit();
}

// One line for the file, one for each text and tensor; names and bytes in hex.
void print(const std::string& path) {
  try {
    const storage::TensorFile file(path);
    std::printf("file %s\n", path.c_str());
    for (const auto& [name, value] : file.metadata()) {
      std::printf("text %s %s\n", hex(name).c_str(), hex(value).c_str());
    }
    for (const auto& tensor : file.tensors()) {
      std::string shape;
      for (const auto side : tensor.shape) {
        shape += (shape.empty() ? "" : ",") + std::to_string(side);
      }
      const std::string_view bytes(reinterpret_cast<const char*>(tensor.bytes.data()),
                                   tensor.bytes.size());
      std::printf("tensor %s %s [%s] %s\n",
                  hex(tensor.name).c_str(),
                  std::string(storage::name_of(tensor.type)).c_str(),
                  shape.c_str(),
                  hex(bytes).c_str());
    }
  } catch (const storage::StorageError& error) {
    std::printf("refused %s\n", error.what());
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv, argv + argc);
  if (arguments.size() == 3 && arguments[1] == "write") {
    write_sample(arguments[2]);
    return 0;
  }
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    print(arguments[i]);
  }
}
