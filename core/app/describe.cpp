#include "core/app/describe.h"

#include <iostream>
#include <regex>

#include "core/app/describe_policy.h"
#include "core/app/describe_readme.h"
#include "core/base/error.h"
#include "core/base/file.h"

namespace waybill::app {
namespace {

constexpr std::size_t kReadmeBytes = 1024 * 1024;
constexpr std::size_t kPolicyBytes = 256 * 1024;

std::string in(std::string_view folder, std::string_view file) {
  return fmt::format("{}/{}", folder, file);
}

lineage::Policy policy_of(const Described& from, std::string_view example) {
  return lineage::Policy::parse(from.policies.at(std::string(example)), in(example, lineage::kPolicyFile));
}

std::string readme(const Described& from, const std::string& first_workflow) {
  const std::string shown =
      fmt::format("```yaml\n# {}, the first of {}\n{}```\n", lineage::standard_workflow(stages::table().front()->name),
                  lineage::stages_of(lineage::Pipeline::kFull).size(), first_workflow);
  const std::string with_stages = with_part(with_part(from.readme, "workflow", shown), "actions", stage_table());
  return with_part(with_stages, "policy", policy_table());
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
  const lineage::Policy shown = policy_of(from, kExamples.front());
  std::map<std::filesystem::path, std::string> files{{"action.yml", action_yml(root_action(), pins.image)},
                                                     {"action-types.yml", action_types_yml(root_action())}};
  for (const stages::Stage* stage : stages::table()) {
    const std::filesystem::path folder = std::filesystem::path("actions") / stage->name;
    files[folder / "action.yml"] = action_yml(action_of(*stage), pins.image);
    files[folder / "action-types.yml"] = action_types_yml(action_of(*stage));
    files[folder / "README.md"] = action_readme(*stage, adopt::workflow(*stage, shown, {.release = release}));
  }
  for (const std::string_view example : kExamples) {
    const lineage::Policy policy = policy_of(from, example);
    for (const stages::Stage* stage : stages::workflow_stages(policy.pipeline))
      files[in(example, lineage::standard_workflow(stage->name))] =
          adopt::workflow(*stage, policy, {.release = release});
  }
  const std::string first = lineage::standard_workflow(stages::table().front()->name);
  files["policy.schema.json"] = policy_schema();
  files["README.md"] = readme(from, files.at(in(kExamples.front(), first)));
  return files;
}

bool describe(const std::filesystem::path& root, bool check, const Pins& pins) {
  require_image(pins.image);
  bool same = true;
  Described from{read_file(root / "README.md", kReadmeBytes), {}};
  for (const std::string_view example : kExamples)
    from.policies.emplace(example, read_file(root / example / lineage::kPolicyFile, kPolicyBytes));
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
