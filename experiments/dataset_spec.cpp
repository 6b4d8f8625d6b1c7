#include "experiments/dataset_spec.h"

#include "experiments/dataset_table.h"
#include "experiments/hash/sha256.h"
#include "experiments/json_writer.h"
#include "experiments/mnist_files.h"
#include "experiments/study_error.h"

namespace glimpse::experiments {
namespace {

std::string import_text(const DatasetSpec& spec, const FileHasher& hash_file) {
  const std::string hash = hash_file ? hash_file(spec.file) : std::string();
  if (hash.empty()) {
    throw StudyError("dataset",
                     {{.pointer = "/dataset/file",
                       .message = "cannot read \"" + spec.file + "\" (no such file?)"}});
  }
  JsonWriter json;
  json.begin_object().key("recipe").string("import");
  json.key("sources").begin_array().string(hash).end_array();
  return json.end_object().text();
}

void write_sources(JsonWriter& json, DigitSourceKind source) {
  json.begin_array();
  if (source == DigitSourceKind::kBuiltin) {
    json.string("builtin-digits-" + std::to_string(kBuiltinDigitsVersion));
  } else {
    for (const MnistFile& file : kMnistFiles) {
      json.string(file.sha256);
    }
  }
  json.end_array();
}

}  // namespace

ImageShape image_shape(const DatasetSpec& spec) {
  return {.width = spec.width, .height = spec.height, .digits = spec.digits};
}

std::string dataset_identity_text(const DatasetSpec& spec, const FileHasher& hash_file) {
  if (!spec.file.empty()) {
    return import_text(spec, hash_file);
  }
  Assignment values = given_dataset_values(spec);
  values.erase("seed");
  values.erase("recipe");
  JsonWriter json;
  json.begin_object().key("generator").integer(kGeneratorVersion);
  json.key("recipe").string(spec.recipe);
  json.key("seed").number(static_cast<double>(spec.seed));
  json.key("sources");
  write_sources(json, spec.source);
  json.key("values").raw(render_json(values));
  return json.end_object().text();
}

std::string dataset_identity(const DatasetSpec& spec, const FileHasher& hash_file) {
  return hex(sha256(dataset_identity_text(spec, hash_file)));
}

}  // namespace glimpse::experiments
