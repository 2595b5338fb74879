#include "core/app/describe.h"

#include <iostream>
#include <regex>

#include "core/app/describe_readme.h"
#include "core/base/error.h"
#include "core/base/file.h"

namespace waybill::app {
namespace {

constexpr std::string_view kExample = "examples/chart-pipeline/";
constexpr std::size_t kReadmeBytes = 1024 * 1024;
constexpr std::size_t kPolicyBytes = 256 * 1024;

std::string in_example(std::string_view file) {
  return std::string(kExample) + std::string(file);
}

std::string readme(const Described& from, const std::string& first_workflow) {
  const std::string shown =
      fmt::format("```yaml\n# {}, the first of {}\n{}```\n", stages::standard_workflow(stages::table().front()->name),
                  lineage::stages_of(lineage::Pipeline::kFull).size(), first_workflow);
  return with_part(with_part(from.readme, "workflow", shown), "actions", stage_table());
}

void require_image(std::string_view image) {
  static const std::regex form("docker://[a-z0-9.:_/-]+:[A-Za-z0-9._-]+(@sha256:[0-9a-f]{64})?");
  if (!std::regex_match(image.begin(), image.end(), form))
    throw Error(Fault::kInput, "`{}` is not an image; `docker://NAME:TAG` or `docker://NAME:TAG@sha256:…` is wanted",
                image);
}

// The release that the example in a README names; none when it names the development branch.
adopt::ActionsRelease named_release(const std::string& readme) {
  static const std::regex form("uses: waybill/waybill/actions/[a-z-]+@([0-9a-f]{40}) # (v[0-9]+\\.[0-9]+\\.[0-9]+)\n");
  std::smatch found;
  if (!std::regex_search(readme, found, form)) return {};
  return {found[2], found[1]};
}

}  // namespace

std::map<std::filesystem::path, std::string> described(const Described& from, const Pins& pins) {
  const adopt::ActionsRelease release = pins.release.version.empty() ? named_release(from.readme) : pins.release;
  const auto policy = lineage::Policy::parse(from.example_policy, in_example(lineage::kPolicyFile));
  std::map<std::filesystem::path, std::string> files{{"action.yml", action_yml(root_action(), pins.image)},
                                                     {"action-types.yml", action_types_yml(root_action())}};
  for (const stages::Stage* stage : stages::table()) {
    const std::filesystem::path folder = std::filesystem::path("actions") / stage->name;
    const std::string example = example_workflow(*stage, policy, release);
    files[folder / "action.yml"] = action_yml(action_of(*stage), pins.image);
    files[folder / "action-types.yml"] = action_types_yml(action_of(*stage));
    files[folder / "README.md"] = action_readme(*stage, example);
    if (stage->triggers.of(policy.pipeline)) files[in_example(stages::standard_workflow(stage->name))] = example;
  }
  files["README.md"] = readme(from, files.at(in_example(stages::standard_workflow(stages::table().front()->name))));
  return files;
}

bool describe(const std::filesystem::path& root, bool check, const Pins& pins) {
  require_image(pins.image);
  bool same = true;
  const Described from{read_file(root / "README.md", kReadmeBytes),
                       read_file(root / in_example(lineage::kPolicyFile), kPolicyBytes)};
  for (const auto& [path, text] : described(from, pins)) {
    const std::filesystem::path file = root / path;
    const bool there = std::filesystem::exists(file);
    if (there && read_file(file, kReadmeBytes) == text) continue;
    same = false;
    std::cout << (check ? "differs: " : "written: ") << path.string() << '\n';
    if (check) continue;
    std::filesystem::create_directories(file.parent_path());
    write_file(file, text);
  }
  if (check && !same) std::cout << "type: waybill describe .\n";
  return same || !check;
}

}  // namespace waybill::app
