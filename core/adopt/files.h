#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace waybill::adopt {

enum class FileState {
  kNew,
  kSame,     // lies there with these bytes
  kKept,     // lies there with other bytes that count: the repository's own policy
  kDiffers,  // lies there with other bytes
};

struct ProposedFile {
  std::string path;  // from the root of the work tree
  std::string content;
  FileState state = FileState::kNew;
};

// What lies at a path of the work tree now. Fault::kInput for a path that leads through a link: what is written there
// would be written elsewhere.
ProposedFile proposed(const std::filesystem::path& folder, std::string path, std::string content);

// Writes those that are new; never touches another.
void write_new(const std::filesystem::path& folder, const std::vector<ProposedFile>& files);

// Workflows of the repository that make releases of charts by other means: "path, line N: tool", for each its first.
std::vector<std::string> other_releasers(const std::filesystem::path& folder);

}  // namespace waybill::adopt
