#pragma once

// `glimpse dataset ...`: builds, imports and inspects the image files that trials train on.

#include <cstdint>
#include <string>
#include <vector>

#include "launcher/env.h"

namespace glimpse::launcher {

struct DatasetBuildOptions {
  CommonOptions common;
  OutputOptions output;
  std::string study;  // empty: only the key=value pairs say what to build
  std::vector<std::string> overrides;
  bool allows_unverified = false;
  int threads = 0;  // 0: as many as this process may use
};

struct DatasetImportOptions {
  CommonOptions common;
  OutputOptions output;
  std::string file;
};

struct DatasetListOptions {
  CommonOptions common;
  OutputOptions output;
};

struct DatasetShowOptions {
  CommonOptions common;
  OutputOptions output;
  std::string dataset;  // a path, or a name in the results folder, or a prefix of its hash
};

struct DatasetVerifyOptions {
  CommonOptions common;
  OutputOptions output;
  std::vector<std::string> datasets;  // none: all of the results folder
};

struct DatasetPreviewOptions {
  CommonOptions common;
  std::string dataset;
  std::string split = "train";
  std::uint64_t first = 0;
  std::uint64_t count = 64;
  std::string output_file;  // empty: beside nothing, a name in the working directory
};

struct DatasetFetchOptions {
  CommonOptions common;
  std::string mirror;  // empty: the known ones, in their order
  bool prints_commands = false;
  int stall_s = 30;  // without a byte, after which a try has failed
  int retries = 3;
};

int dataset_build(const DatasetBuildOptions& options, Env& env);
int dataset_import(const DatasetImportOptions& options, Env& env);
int dataset_list(const DatasetListOptions& options, Env& env);
int dataset_show(const DatasetShowOptions& options, Env& env);
int dataset_verify(const DatasetVerifyOptions& options, Env& env);
int dataset_preview(const DatasetPreviewOptions& options, Env& env);
int dataset_fetch(const DatasetFetchOptions& options, Env& env);

}  // namespace glimpse::launcher
