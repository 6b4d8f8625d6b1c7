#include <memory>

#include <CLI/CLI.hpp>

#include "launcher/cli/bindings.h"
#include "launcher/cli/verb.h"
#include "launcher/commands/dataset.h"

namespace glimpse::launcher {
namespace {

constexpr const char* kDatasetDoc = "A path, a file name in the results folder, or its start";
constexpr std::int64_t kMostImages = 1'000'000'000;
const std::string kMake = "Making datasets";
const std::string kLook = "Looking at datasets";

void bind_build(CLI::App& parent, Invocation& chosen) {
  CLI::App& app =
      add_verb(parent,
               {"build",
                "Make the dataset files of a study; what is there already is checked and kept",
                "glimpse dataset build table1\n"
                "glimpse dataset build source=builtin train=1000 valid=200 test=200",
                kMake});
  const auto options = std::make_shared<DatasetBuildOptions>();
  app.add_option(
      "STUDY", options->study, "The study whose datasets are made; without it, defaults");
  app.add_option("overrides", options->overrides, "Replaces a dataset value, as in a study")
      ->option_text("KEY=VALUE");
  app.add_option("--threads", options->threads, "Default: every core this process may use")
      ->type_name("N")
      ->check(whole_number(1, 1024));
  app.add_flag("--allow-unverified",
               options->allows_unverified,
               "Accept files whose SHA-256 is not MNIST's (Fashion-MNIST has the same names)");
  add_output(app, options->output);
  add_results(app, options->common);
  add_data_dir(app, options->common);
  finish_verb(app, chosen, options, dataset_build);
}

void bind_import(CLI::App& parent, Invocation& chosen) {
  CLI::App& app =
      add_verb(parent,
               {"import",
                "Take images and labels of your own into the results folder",
                "glimpse dataset import my-images.h5   # /train, /valid, /test: images, labels",
                kMake});
  const auto options = std::make_shared<DatasetImportOptions>();
  app.add_option("FILE", options->file, "HDF5 with /train|valid|test/{images,labels}, uint8")
      ->required();
  add_output(app, options->output);
  add_results(app, options->common);
  finish_verb(app, chosen, options, dataset_import);
}

void bind_fetch(CLI::App& parent, Invocation& chosen) {
  CLI::App& app =
      add_verb(parent,
               {"fetch",
                "Download MNIST with curl or wget and check it",
                "glimpse dataset fetch\n"
                "glimpse dataset fetch --print-commands   # for a machine without network",
                kMake});
  const auto options = std::make_shared<DatasetFetchOptions>();
  app.add_option("--mirror", options->mirror, "Take the files from this address only")
      ->type_name("URL");
  app.add_flag("--print-commands", options->prints_commands, "Print the commands, run nothing");
  app.add_flag("--offline", options->common.is_offline, "Never use the network (GLIMPSE_OFFLINE)");
  add_data_dir(app, options->common);
  finish_verb(app, chosen, options, dataset_fetch);
}

void bind_list(CLI::App& parent, Invocation& chosen) {
  CLI::App& app = add_verb(
      parent, {"list", "List the datasets of the results folder", "glimpse dataset list", kLook});
  const auto options = std::make_shared<DatasetListOptions>();
  add_output(app, options->output);
  add_results(app, options->common);
  finish_verb(app, chosen, options, dataset_list);
}

void bind_show(CLI::App& parent, Invocation& chosen) {
  CLI::App& app = add_verb(parent,
                           {"show",
                            "Show shapes, hashes, recipe and statistics of a dataset",
                            "glimpse dataset show cluttered-sequences-3f",
                            kLook});
  const auto options = std::make_shared<DatasetShowOptions>();
  app.add_option("DATASET", options->dataset, kDatasetDoc)->required();
  add_output(app, options->output);
  add_results(app, options->common);
  finish_verb(app, chosen, options, dataset_show);
}

void bind_verify(CLI::App& parent, Invocation& chosen) {
  CLI::App& app = add_verb(parent,
                           {"verify",
                            "Check the hashes of datasets; exit 65 where one does not hold",
                            "glimpse dataset verify                # all of the results folder\n"
                            "glimpse dataset verify some/file.h5",
                            kLook});
  const auto options = std::make_shared<DatasetVerifyOptions>();
  app.add_option("DATASET", options->datasets, kDatasetDoc);
  add_output(app, options->output);
  add_results(app, options->common);
  finish_verb(app, chosen, options, dataset_verify);
}

void bind_preview(CLI::App& parent, Invocation& chosen) {
  CLI::App& app = add_verb(parent,
                           {"preview",
                            "Write a contact sheet of a dataset's images as PNG",
                            "glimpse dataset preview cluttered-sequences-3f -o sheet.png",
                            kLook});
  const auto options = std::make_shared<DatasetPreviewOptions>();
  app.add_option("DATASET", options->dataset, kDatasetDoc)->required();
  app.add_option("--split", options->split, "Which images (train)")->type_name("train|valid|test");
  app.add_option("--first", options->first, "Number of the first image, from 0")
      ->type_name("N")
      ->check(whole_number(0, kMostImages));
  app.add_option("--count", options->count, "How many images (64)")
      ->type_name("N")
      ->check(whole_number(1, 1024));
  app.add_option("-o,--output", options->output_file, "Where to write (default: NAME-SPLIT.png)")
      ->type_name("FILE");
  add_results(app, options->common);
  finish_verb(app, chosen, options, dataset_preview);
}

}  // namespace

void bind_dataset_verbs(CLI::App& root, Invocation& chosen) {
  CLI::App& app = add_verb(root,
                           {"dataset",
                            "Make, import, inspect and fetch image datasets",
                            "glimpse dataset build table1-smoke\n"
                            "glimpse dataset list",
                            "Before a study runs"});
  app.require_subcommand(1);
  bind_build(app, chosen);
  bind_import(app, chosen);
  bind_fetch(app, chosen);
  bind_list(app, chosen);
  bind_show(app, chosen);
  bind_verify(app, chosen);
  bind_preview(app, chosen);
  app.set_help_flag("-h,--help", "Print this text")->group("General");
}

}  // namespace glimpse::launcher
