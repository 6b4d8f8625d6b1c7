#include "launcher/commands/version.h"

#include "launcher/build_info.h"
#include "launcher/output.h"
#include "storage/hdf5/hdf5_version.h"
#include "storage/sqlite/sqlite_version.h"

namespace glimpse::launcher {

int version(const VersionOptions& options, Env& env) {
  const BuildInfo info = build_info();
  if (options.is_json) {
    experiments::JsonWriter json = begin_json("version");
    json.key("glimpse").string(info.version).key("commit").string(info.commit);
    json.key("compiler").string(info.compiler).key("build_type").string(info.build_type);
    json.key("hdf5").string(storage::hdf5_version());
    json.key("sqlite").string(storage::sqlite_version());
    print_json(json, env);
    return 0;
  }
  env.out << "glimpse " << info.version << " (" << info.commit << ")\n"
          << "built with " << info.compiler << ", " << info.build_type << '\n'
          << "HDF5 " << storage::hdf5_version() << ", SQLite " << storage::sqlite_version() << '\n';
  return 0;
}

}  // namespace glimpse::launcher
