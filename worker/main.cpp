// glimpse-worker: the process that trains. Here its parts are put together; what it does is in the
// files of its verbs.

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <unistd.h>

#include "experiments/faults.h"
#include "experiments/json_writer.h"
#include "experiments/study_error.h"
#include "experiments/units.h"
#include "storage/storage_error.h"
#include "worker/arguments.h"
#include "worker/bench.h"
#include "worker/crops_alone.h"
#include "worker/descriptors.h"
#include "worker/device.h"
#include "worker/eval.h"
#include "worker/exit_code.h"
#include "worker/nn/torch_engine.h"
#include "worker/nn/torch_info.h"
#include "worker/nn/torch_runtime.h"
#include "worker/pick_device.h"
#include "worker/processor.h"
#include "worker/serve.h"
#include "worker/stop_signals.h"
#include "worker/train_alone.h"
#include "worker/train_error.h"

namespace glimpse::worker {
namespace {

std::string render_info_json() {
  const TorchInfo torch = torch_info();
  experiments::JsonWriter json;
  json.begin_object();
  json.key("version").integer(1);
  json.key("glimpse").string(GLIMPSE_VERSION);
  json.key("torch").string(torch.version);
  json.key("threads").integer(torch.threads);
  json.key("parallel").string(torch.parallel);
  json.key("devices").begin_array();
  for (const Device& device : list_devices()) {
    json.begin_object();
    json.key("name").string(device.name);
    json.key("model").string(device.model);
    json.key("uuid").string(device.uuid);
    json.key("memory_bytes").integer(static_cast<std::int64_t>(device.memory_bytes));
    json.end_object();
  }
  json.end_array().end_object();
  return json.text() + "\n";
}

std::string render_info() {
  const TorchInfo torch = torch_info();
  std::string text = program_for(device_kind()) + " " GLIMPSE_VERSION ", LibTorch " +
                     torch.version + ", " + std::to_string(torch.threads) + " threads (" +
                     torch.parallel + ")\n";
  const std::vector<Device> devices = list_devices();
  for (const Device& device : devices) {
    text += device.name + "  " + device.model + "  " + std::to_string(device.memory_bytes >> 30) +
            " GiB  " + device.uuid + "\n";
  }
  return devices.empty() ? text + "no device\n" : text;
}

constexpr const char* kUsage =
    "glimpse-worker info [--json]                          what this worker trains with\n"
    "glimpse-worker train TRIAL.json --dataset F --out DIR  train one trial; again: go on\n"
    "    [--device cpu] [--threads 1] [--checkpoint-every 5m]\n"
    "glimpse-worker eval CHECKPOINT --dataset F            errors of a checkpoint's best weights\n"
    "    [--split test] [--last] [--trial FILE] [--json] [--device cpu] [--threads 1]\n"
    "glimpse-worker crops CHECKPOINT --dataset F --out H5   where its network looks\n"
    "    [--png FILE] [--count 24] [--split test] [--last] [--trial FILE] [--device cpu]\n"
    "    [--threads 1]\n"
    "glimpse-worker bench [TRIAL.json]                     how long a step takes, and on what\n"
    "    [--model rnn-spn,ffn-spn,conv] [--steps 10] [--json] [--device cpu] [--threads 1]\n"
    "    [--compare SCRIPT.py] [--python python3] [--patience 10m]\n"
    "glimpse-worker serve [--device cpu] [--threads 1]      train what an agent says (3 in, 4 "
    "out)\n"
    "glimpse-worker-cuda is the same for GPUs: --device cuda is the first, cuda:1 the second.\n";

double now_s() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

std::int64_t clock_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

// Two attempts may be compared bit for bit where all of this is equal.
experiments::Assignment describe_environment(const Device& device, int threads) {
  return {{"glimpse", std::string(GLIMPSE_VERSION)},
          {"torch", torch_info().version},
          {"device", device.name},
          {"device_model", device.model},
          {"device_uuid", device.uuid},
          {"threads", static_cast<double>(threads)},
          {"world_size", 1.0}};
}

std::string device_option(Arguments& arguments) {
  return arguments.option("--device").value_or(device_kind());
}

// Asked for before a verb reads anything: without its device all of that would be for nothing.
Device find_device(const std::string& name) {
  return pick_device(list_devices(), device_kind(), name);
}

EngineFactory torch_engines() {
  return {.make =
              [](const experiments::StartCommand& start, const DatasetShelf& shelf) {
                const std::string device = find_device(start.device).name;
                forget_peak_memory(device);
                return make_torch_engine({.parameters = start.parameters,
                                          .shape = shelf.shape(),
                                          .seed = start.seed,
                                          .splits = shelf.splits(),
                                          .device = device});
              },
          .classify = classify_torch};
}

int run_info(Arguments& arguments) {
  const bool is_json = arguments.flag("--json");
  arguments.finish();
  std::fputs((is_json ? render_info_json() : render_info()).c_str(), stdout);
  return 0;
}

double duration(Arguments& arguments, const std::string& name, const std::string& otherwise) {
  const std::string text = arguments.option(name).value_or(otherwise);
  if (const auto seconds = experiments::parse_duration(text)) {
    return *seconds;
  }
  throw UsageError(name + " must be like 90s or 5m, not '" + text + "'");
}

void tell(const std::string& line) {
  std::fprintf(stderr, "%s\n", line.c_str());
}

int run_train(Arguments& arguments) {
  TrainAloneOptions options;
  options.dataset = arguments.needed("--dataset");
  options.out = arguments.needed("--out");
  options.device = device_option(arguments);
  options.threads = arguments.whole("--threads", 1);
  options.checkpoint_every_s = duration(arguments, "--checkpoint-every", "5m");
  options.trial = arguments.positional("TRIAL.json");
  arguments.finish();
  StopSignals signals;
  prepare_torch(options.threads);
  const Device device = find_device(options.device);
  options.device = device.name;
  return train_alone(options,
                     describe_environment(device, options.threads),
                     torch_engines(),
                     {.now_s = now_s,
                      .clock_ms = clock_ms,
                      .has_stop_come = [&signals] { return signals.has_come(); },
                      .tell = tell});
}

experiments::Split split_option(Arguments& arguments) {
  const std::string name = arguments.option("--split").value_or("test");
  for (const experiments::Split split : experiments::kSplits) {
    if (experiments::split_name(split) == name) {
      return split;
    }
  }
  throw UsageError("--split must be train, valid or test, not '" + name + "'");
}

// Without the checkpoint, which comes behind all options.
TrainedTrialOptions trained_trial_options(Arguments& arguments) {
  TrainedTrialOptions options;
  options.dataset = arguments.needed("--dataset");
  options.trial = arguments.option("--trial");
  options.split = split_option(arguments);
  options.weights = arguments.flag("--last") ? Weights::kCurrent : Weights::kBest;
  options.device = device_option(arguments);
  options.threads = arguments.whole("--threads", 1);
  return options;
}

int run_eval(Arguments& arguments) {
  TrainedTrialOptions options = trained_trial_options(arguments);
  const bool is_json = arguments.flag("--json");
  options.checkpoint = arguments.positional("CHECKPOINT");
  arguments.finish();
  prepare_torch(options.threads);
  options.device = find_device(options.device).name;
  std::fputs(eval(options, is_json, torch_engines()).c_str(), stdout);
  return 0;
}

int run_crops(Arguments& arguments) {
  CropsAloneOptions options;
  options.of = trained_trial_options(arguments);
  options.out = arguments.needed("--out");
  options.picture = arguments.option("--png");
  options.images = static_cast<std::uint64_t>(arguments.whole("--count", kCropsImages));
  options.of.checkpoint = arguments.positional("CHECKPOINT");
  arguments.finish();
  prepare_torch(options.of.threads);
  options.of.device = find_device(options.of.device).name;
  crops_alone(options, torch_engines());
  return 0;
}

std::optional<PeerOptions> peer_options(Arguments& arguments) {
  PeerOptions peer;
  peer.python = arguments.option("--python").value_or(peer.python);
  peer.patience_s = duration(arguments, "--patience", "10m");
  const auto script = arguments.option("--compare");
  peer.script = script.value_or("");
  return script ? std::optional(peer) : std::nullopt;
}

BenchOptions bench_options(Arguments& arguments) {
  BenchOptions options;
  options.steps = arguments.whole("--steps", options.steps);
  options.peer = peer_options(arguments);
  const auto names = arguments.option("--model");
  options.models = bench_models(names, arguments.try_positional());
  return options;
}

void complain(const std::string& what) {
  tell(program_for(device_kind()) + ": error: " + what);
}

int run_bench(Arguments& arguments) {
  const std::string asked = device_option(arguments);
  const int threads = arguments.whole("--threads", 1);
  const bool is_json = arguments.flag("--json");
  const BenchOptions options = bench_options(arguments);
  arguments.finish();
  if (options.peer && (threads != 1 || asked != "cpu")) {
    throw UsageError("--compare is done on the CPU with one thread");
  }
  std::signal(SIGPIPE, SIG_IGN);
  if (threads == 1 && asked == "cpu") {
    stay_on_this_core();
  }
  prepare_torch(threads);
  const std::string device = find_device(asked).name;
  const auto make = [&](const experiments::Assignment& parameters, const MadeData& data) {
    return make_torch_engine({.parameters = parameters,
                              .shape = experiments::image_shape(data.spec()),
                              .splits = data.splits(),
                              .device = device});
  };
  const std::vector<ModelBench> models =
      bench(options, {.make = make, .now = spent_so_far, .tell = tell});
  std::fputs((is_json ? render_bench_json(models) : render_bench(models)).c_str(), stdout);
  const std::vector<std::string> misses = bench_misses(models);
  for (const std::string& miss : misses) {
    complain(miss);
  }
  return static_cast<int>(misses.empty() ? experiments::ExitCode::kDone
                                         : experiments::ExitCode::kFailure);
}

// Its descriptors are the agent's: 3 brings commands, 4 takes records.
int run_serve(Arguments& arguments) {
  constexpr int kCommands = 3;
  constexpr int kRecords = 4;
  const std::string device = device_option(arguments);
  const int threads = arguments.whole("--threads", 1);
  const pid_t parent = getppid();
  arguments.finish();
  die_with_parent(parent);
  close_all_but(std::array{0, 1, 2, kCommands, kRecords});
  std::signal(SIGPIPE, SIG_IGN);
  StopSignals signals;
  prepare_torch(threads);
  LineReader commands(kCommands);
  RecordWriter records(kRecords);
  return serve(
      commands,
      records,
      describe_environment(find_device(device), threads),
      torch_engines(),
      {.now_s = now_s, .has_stop_come = [&signals] { return signals.has_come(); }, .tell = tell});
}

int run(Arguments& arguments) {
  if (arguments.flag("--help") || arguments.flag("-h")) {
    std::fputs(kUsage, stdout);
    return 0;
  }
  const std::string verb = arguments.positional("a verb");
  if (verb == "info") {
    return run_info(arguments);
  }
  if (verb == "train") {
    return run_train(arguments);
  }
  if (verb == "eval") {
    return run_eval(arguments);
  }
  if (verb == "crops") {
    return run_crops(arguments);
  }
  if (verb == "bench") {
    return run_bench(arguments);
  }
  if (verb == "serve") {
    return run_serve(arguments);
  }
  throw UsageError("unknown verb '" + verb + "'");
}

int fail(const std::exception& error, experiments::ExitCode code) {
  complain(error.what());
  return static_cast<int>(code);
}

}  // namespace
}  // namespace glimpse::worker

int main(int argc, char** argv) {
  using namespace glimpse::worker;  // NOLINT(google-build-using-namespace): main has no namespace
  using glimpse::experiments::ExitCode;
  try {
    Arguments arguments(argc - 1, argv + 1);
    return run(arguments);
  } catch (const UsageError& error) {
    const int code = fail(error, ExitCode::kUsage);
    std::fputs(kUsage, stderr);
    return code;
  } catch (const glimpse::experiments::StudyError& error) {
    return fail(error, ExitCode::kBadConfig);
  } catch (const glimpse::storage::StorageError& error) {
    return fail(error, exit_code_of(error.fault()));
  } catch (const TrainError& error) {
    return fail(error, exit_code_of(error.fault()));
  } catch (const std::exception& error) {
    return fail(error, ExitCode::kFailure);
  }
}
