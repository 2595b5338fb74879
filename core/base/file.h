#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace waybill {

// The whole file; more than `limit` bytes, a missing or unreadable file are Fault::kInput naming the path.
std::string read_file(const std::filesystem::path& path, std::size_t limit);
// Writes beside the target and renames: never a half-written file.
void write_file(const std::filesystem::path& path, std::string_view content);

// A new empty folder, removed with everything in it at the end.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::filesystem::path& parent = std::filesystem::temp_directory_path());
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace waybill
