#include "core/tuf/cache.h"

#include "core/base/error.h"
#include "core/base/file.h"

namespace waybill::tuf {

std::optional<std::string> Cache::read(const std::string& name, std::size_t limit) const {
  std::error_code unknown;
  if (!std::filesystem::is_regular_file(folder_ / name, unknown)) return std::nullopt;
  try {
    return read_file(folder_ / name, limit);
  } catch (const Error&) {
    return std::nullopt;
  }
}

void Cache::write(const std::string& name, std::string_view bytes) const {
  std::error_code failed;
  std::filesystem::create_directories(folder_, failed);
  if (failed) throw Error(Fault::kInput, "the folder `{}` cannot be made", folder_.string());
  write_file(folder_ / name, bytes);
}

void Cache::remove(const std::string& name) const {
  std::error_code failed;
  std::filesystem::remove(folder_ / name, failed);
  if (failed) throw Error(Fault::kInput, "`{}` cannot be removed", (folder_ / name).string());
}

std::optional<Time> Cache::touched(const std::string& name) const {
  std::error_code absent;
  const auto time = std::filesystem::last_write_time(folder_ / name, absent);
  if (absent) return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(std::chrono::file_clock::to_sys(time));
}

void Cache::touch(const std::string& name, Time time) const {
  std::error_code ignored;
  std::filesystem::last_write_time(folder_ / name, std::chrono::file_clock::from_sys(time), ignored);
}

}  // namespace waybill::tuf
