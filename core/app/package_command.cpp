#include "core/app/package_command.h"

#include <filesystem>
#include <iostream>
#include <map>
#include <mutex>

#include "core/app/local_clone.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/parallel.h"
#include "core/chart/package.h"

namespace waybill::app {
namespace {

namespace fs = std::filesystem;

struct Packed {
  std::string told;
  std::string fault;
};

// Which chart each file is of.
class Files {
 public:
  explicit Files(fs::path folder) : folder_(std::move(folder)) { fs::create_directories(folder_); }

  void write(const chart::Package& package, const std::string& path) {
    {
      const std::lock_guard lock(mutex_);
      const auto [taken, is_new] = charts_.emplace(package.file_name, path);
      if (!is_new)
        throw Error(Fault::kInput, "`{}` and `{}` are both {} {}", std::min(taken->second, path),
                    std::max(taken->second, path), package.name, package.version);
    }
    write_file(folder_ / package.file_name, package.bytes);
  }

 private:
  fs::path folder_;
  std::mutex mutex_;
  std::map<std::string, std::string> charts_;
};

std::string pack(const git::Repository& git, const Oid& commit, const std::string& path, Files& files) {
  const auto tree = git.subtree(commit, path == "." ? "" : path);
  if (!tree) throw Error(Fault::kInput, "commit {} has no chart at `{}`", commit.shortened(), path);
  const chart::Package package = chart::package(chart::read_subtree(git, *tree, path), path);
  files.write(package, path);
  return fmt::format("{}\n{}\ncontent {}\n", package.file_name, package.digest.text(), package.content.text());
}

std::vector<Packed> pack_all(const fs::path& clone, const Oid& commit, const std::vector<std::string>& paths,
                             Files& files) {
  std::vector<Packed> packed(paths.size());
  in_parallel(paths.size(), [&](std::size_t number) {
    try {
      const git::Repository git = git::Repository::open(clone);  // which one thread at a time may read
      packed[number].told = pack(git, commit, paths[number], files);
    } catch (const Error& error) {
      if (error.fault() != Fault::kInput) throw;
      packed[number].fault = error.what();
    }
  });
  return packed;
}

}  // namespace

int package_command(const std::vector<std::string>& arguments) {
  auto options = clone_options("package",
                               "Builds packages from a commit's charts, all of them or those named; the same "
                               "bytes everywhere");
  options.positional_help("[CHART…]");
  auto add = options.add_options();
  add("output", "Folder for the packages", cxxopts::value<std::string>()->default_value("."), "DIR");
  add("chart", "Path of a chart", cxxopts::value<std::vector<std::string>>());
  options.parse_positional("chart");
  const auto asked = parsed(options, arguments);
  if (!asked) return 0;
  const LocalClone clone(*asked);
  const auto paths = asked->count("chart") > 0 ? (*asked)["chart"].as<std::vector<std::string>>()
                                               : chart::chart_paths(clone.git, clone.tip, clone.patterns);
  Files files((*asked)["output"].as<std::string>());
  std::vector<std::string> faults;
  for (const Packed& one : pack_all(clone.git.path(), clone.tip, paths, files)) {
    std::cout << one.told;
    if (!one.fault.empty()) faults.push_back(one.fault);
  }
  refuse(faults);
  return 0;
}

}  // namespace waybill::app
