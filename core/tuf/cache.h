#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.h"

namespace waybill::tuf {

// A folder of files that are exactly what was downloaded. Names come quoted (core/tuf/name.h).
class Cache {
 public:
  explicit Cache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path& folder() const { return folder_; }

  // Nothing when it is absent, no ordinary file, unreadable or longer than `limit`.
  std::optional<std::string> read(const std::string& name, std::size_t limit) const;
  // Whole or not at all; makes the folder. Fault::kInput when it cannot be written.
  void write(const std::string& name, std::string_view bytes) const;
  // Fault::kInput when it is still there afterwards.
  void remove(const std::string& name) const;

  // When the file was last written or touched; nothing when it is absent.
  std::optional<Time> touched(const std::string& name) const;
  // A folder that does not take the time only leads to one more refresh.
  void touch(const std::string& name, Time time) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace waybill::tuf
