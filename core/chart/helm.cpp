#include "core/chart/helm.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/process.h"
#include "core/chart/chart_yaml.h"
#include "core/chart/schema.h"

namespace waybill::chart {
namespace {

constexpr std::size_t kShown = 64 * 1024;        // of a check's output
constexpr std::size_t kRead = 32 * 1024 * 1024;  // of what helm prints
constexpr std::size_t kMemory =
    std::size_t{4} * 1024 * 1024 * 1024;  // address space; a Go program reserves much more than it uses
constexpr std::chrono::seconds kTime{60};
constexpr std::array<const char*, 3> kFolders{"/usr/local/bin", "/usr/bin", "/bin"};

bool is_program(const std::filesystem::path& path) {
  return std::filesystem::is_regular_file(path) && ::access(path.c_str(), X_OK) == 0;
}

std::filesystem::path find_program(const std::filesystem::path& given) {
  if (std::filesystem::is_directory(given) && is_program(given / "helm"))
    return std::filesystem::absolute(given / "helm");
  if (given.has_parent_path() && is_program(given)) return std::filesystem::absolute(given);
  const std::filesystem::path name = given.empty() ? "helm" : given;
  if (!name.has_parent_path())
    for (const char* folder : kFolders)
      if (is_program(folder / name)) return folder / name;
  throw Error(Fault::kInput, "no program `{}`, looked in /usr/local/bin, /usr/bin and /bin", name.string())
      .hint("install helm 3: https://helm.sh/docs/intro/install");
}

// A folder for one run of helm: its home and what it works on.
class Workplace {
 public:
  Workplace() {
    for (const char* name : {"home", "tmp", "work", "plugins"})
      std::filesystem::create_directory(folder_.path() / name);
  }

  std::filesystem::path work() const { return folder_.path() / "work"; }

  Command command(std::vector<std::string> arguments) const {
    const auto in = [&](const char* name) { return (folder_.path() / name).string(); };
    Command command;
    command.arguments = std::move(arguments);
    command.environment = {{"PATH", "/usr/bin:/bin"},
                           {"HOME", in("home")},
                           {"TMPDIR", in("tmp")},
                           {"LANG", "C.UTF-8"},
                           {"HELM_NO_PLUGINS", "1"},
                           {"HELM_PLUGINS", in("plugins")},
                           {"HELM_CACHE_HOME", in("home/cache")},
                           {"HELM_CONFIG_HOME", in("home/config")},
                           {"HELM_DATA_HOME", in("home/data")}};
    command.folder = work();
    command.timeout = kTime;
    command.output_limit = kRead;
    command.memory_limit = kMemory;
    command.confined = true;
    return command;
  }

 private:
  TemporaryFolder folder_;
};

void extract(const Subtree& subtree, const std::filesystem::path& to) {
  for (const auto& [path, file] : subtree) {
    const std::filesystem::path target = to / path;
    std::filesystem::create_directories(target.parent_path());
    write_file(target, file.content);
  }
}

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

std::string shortened(std::string text) {
  if (text.size() <= kShown) return text;
  constexpr std::string_view kMark = "\n… cut here\n";
  std::size_t end = kShown - kMark.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + std::string(kMark);
}

// What helm is pointed at, in its folder, and what people call it.
struct Target {
  std::string file;
  std::string shown;
};

// One run; running out of time, memory or output is the chart's failure, not a server's.
Exit attempt(const Command& command) {
  try {
    return run(command);
  } catch (const Error& error) {
    if (error.fault() != Fault::kRemote) throw;
    return {.code = 124, .output = {}, .errors = error.what()};
  }
}

CheckResult checked(const Exit& exit, const Workplace& place, const Target& target, const std::string& command) {
  std::string text = exit.errors;
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  text += exit.output;
  replace_all(text, (place.work() / target.file).string(), target.shown);
  replace_all(text, place.work().string() + "/", "");
  return {exit.code == 0, command, shortened(std::move(text))};
}

std::string folder_name(const Subtree& subtree, std::string_view chart_path) {
  if (chart_path != "." && !chart_path.empty()) return std::filesystem::path(chart_path).filename().string();
  return read_metadata(subtree, chart_path).name;
}

Target put(const Subtree& subtree, std::string_view chart_path, const Workplace& place) {
  require_closed_schemas(subtree, chart_path);
  const std::string folder = folder_name(subtree, chart_path);
  extract(subtree, place.work() / folder);
  return {folder, chart_path.empty() ? "." : std::string(chart_path)};
}

Target put(const Package& package, const Workplace& place) {
  require_closed_schemas(package_files(package.bytes), package.file_name);
  write_file(place.work() / package.file_name, package.bytes);
  return {package.file_name, package.file_name};
}

std::vector<std::string> template_arguments(const std::filesystem::path& program, const Workplace& place,
                                            const Target& target, std::string_view kubernetes) {
  return {program.string(),       "template", "release-name", (place.work() / target.file).string(), "--kube-version",
          std::string(kubernetes)};
}

std::string template_command(const Target& target, std::string_view kubernetes) {
  return fmt::format("helm template release-name {} --kube-version {}", target.shown, kubernetes);
}

CheckResult linted(const std::filesystem::path& program, const Workplace& place, const Target& target) {
  const Exit exit =
      attempt(place.command({program.string(), "lint", "--strict", (place.work() / target.file).string()}));
  return checked(exit, place, target, "helm lint --strict " + target.shown);
}

CheckResult rendered(const std::filesystem::path& program, const Workplace& place, const Target& target,
                     std::string_view kubernetes, const Metadata& metadata) {
  const std::string command = template_command(target, kubernetes);
  if (metadata.type == "library") return {true, command, metadata.name + " is a library chart: nothing to render\n"};
  return checked(attempt(place.command(template_arguments(program, place, target, kubernetes))), place, target,
                 command);
}

void require_kubernetes_version(std::string_view version) {
  if (!Version::parse_loose(version))
    throw Error(Fault::kInput, "`{}` is not a version of Kubernetes", version).hint("kubernetes: [1.33.7]");
}

}  // namespace

Helm::Helm(std::filesystem::path program) : program_(find_program(program)) {}

CheckResult Helm::lint(const Subtree& subtree, std::string_view chart_path) const {
  const Workplace place;
  return linted(program_, place, put(subtree, chart_path, place));
}

CheckResult Helm::render(const Subtree& subtree, std::string_view chart_path, std::string_view kubernetes) const {
  require_kubernetes_version(kubernetes);
  const Workplace place;
  return rendered(program_, place, put(subtree, chart_path, place), kubernetes, read_metadata(subtree, chart_path));
}

CheckResult Helm::lint(const Package& package) const {
  const Workplace place;
  return linted(program_, place, put(package, place));
}

CheckResult Helm::render(const Package& package, std::string_view kubernetes) const {
  require_kubernetes_version(kubernetes);
  const Workplace place;
  const Metadata metadata = read_metadata(package_files(package.bytes), package.name);
  return rendered(program_, place, put(package, place), kubernetes, metadata);
}

std::string Helm::manifests(const Package& package, std::string_view kubernetes) const {
  require_kubernetes_version(kubernetes);
  if (read_metadata(package_files(package.bytes), package.name).type == "library") return "";
  const Workplace place;
  const Target target = put(package, place);
  const Exit exit = attempt(place.command(template_arguments(program_, place, target, kubernetes)));
  if (exit.code != 0)
    throw Error(Fault::kInput, "{} does not render: {}", package.file_name,
                checked(exit, place, target, "").output.substr(0, 2000))
        .hint(template_command(target, kubernetes));
  return exit.output;
}

std::string Helm::version() const {
  const Workplace place;
  const Exit exit = attempt(place.command({program_.string(), "version", "--short"}));
  if (exit.code != 0)
    throw Error(Fault::kInput, "`{}` does not run: {}", program_.string(), exit.errors.substr(0, 500));
  std::string version = exit.output;
  version.erase(std::find_if(version.begin(), version.end(), [](char c) { return c == '\n' || c == '+'; }),
                version.end());
  return version;
}

}  // namespace waybill::chart
