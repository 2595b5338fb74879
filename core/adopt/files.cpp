#include "core/adopt/files.h"

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/base/file.h"

namespace waybill::adopt {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFileBytes = 1024 * 1024;

// What other tools are called in a workflow.
constexpr std::array<std::string_view, 8> kReleasers{
    "helm/chart-releaser-action",       "cr upload",        "helm push",     "helm cm-push",
    "googleapis/release-please-action", "semantic-release", "helm-gh-pages", "helm-oci-chart-releaser"};

void refuse_links(const fs::path& folder, const fs::path& path) {
  fs::path below = folder;
  for (const fs::path& name : path) {
    below /= name;
    if (fs::is_symlink(fs::symlink_status(below)))
      throw Error(Fault::kInput, "`{}` is a link: what is written there would be written elsewhere", below.string())
          .hint("put a folder in its place");
  }
}

std::size_t line_of(std::string_view text, std::size_t at) {
  return static_cast<std::size_t>(std::ranges::count(text.substr(0, at), '\n')) + 1;
}

}  // namespace

ProposedFile proposed(const fs::path& folder, std::string path, std::string content) {
  refuse_links(folder, path);
  FileState state = FileState::kNew;
  if (const fs::path file = folder / path; fs::exists(file))
    state = read_file(file, kFileBytes) == content ? FileState::kSame : FileState::kDiffers;
  return {std::move(path), std::move(content), state};
}

void write_new(const fs::path& folder, const std::vector<ProposedFile>& files) {
  for (const ProposedFile& file : files) {
    if (file.state != FileState::kNew) continue;
    refuse_links(folder, file.path);
    fs::create_directories((folder / file.path).parent_path());
    write_file(folder / file.path, file.content);
  }
}

std::vector<std::string> other_releasers(const fs::path& folder) {
  std::vector<std::string> found;
  const fs::path workflows = folder / ".github" / "workflows";
  if (!fs::is_directory(fs::symlink_status(workflows))) return found;
  for (const auto& entry : fs::directory_iterator(workflows)) {
    const fs::path extension = entry.path().extension();
    if (!entry.is_regular_file() || (extension != ".yml" && extension != ".yaml")) continue;
    const std::string text = read_file(entry.path(), kFileBytes);
    for (const std::string_view tool : kReleasers)
      if (const std::size_t at = text.find(tool); at != std::string::npos) {
        found.push_back(fmt::format(".github/workflows/{}, line {}: `{}`", entry.path().filename().string(),
                                    line_of(text, at), tool));
        break;
      }
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace waybill::adopt
