#include "core/base/file.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "core/base/error.h"

namespace waybill {

std::string read_file(const std::filesystem::path& path, std::size_t limit) {
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path)) throw Error(Fault::kInput, "`{}` cannot be read", path.string());
  std::string content;
  std::string block(64 * 1024, '\0');
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())), in.gcount() > 0) {
    content.append(block, 0, static_cast<std::size_t>(in.gcount()));
    if (content.size() > limit)
      throw Error(Fault::kInput, "`{}` holds more than the {} bytes that are read", path.string(), limit);
  }
  return content;
}

void write_file(const std::filesystem::path& path, std::string_view content) {
  const std::filesystem::path beside = path.string() + "." + std::to_string(::getpid()) + ".part";
  std::ofstream out(beside, std::ios::binary | std::ios::trunc);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  std::error_code failed = out ? std::error_code() : std::make_error_code(std::errc::io_error);
  if (!failed) std::filesystem::rename(beside, path, failed);
  if (!failed) return;
  std::error_code ignored;
  std::filesystem::remove(beside, ignored);
  throw Error(Fault::kInput, "`{}` cannot be written", path.string());
}

TemporaryFolder::TemporaryFolder(const std::filesystem::path& parent) {
  std::string pattern = (parent / "waybill-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr)
    throw Error(Fault::kInput, "no folder can be made in `{}`", parent.string());
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace waybill
