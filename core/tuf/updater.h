#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/http/client.h"
#include "core/tuf/cache.h"
#include "core/tuf/metadata.h"

namespace waybill::tuf {

// Bytes of a file of metadata whose length nobody has told, and how far a repository may send its client.
struct Limits {
  std::size_t root = 512'000;
  std::size_t timestamp = 16'384;
  std::size_t snapshot = 2'000'000;
  std::size_t targets = 5'000'000;
  int root_rotations = 256;          // in one refresh
  std::size_t delegated_roles = 32;  // in one search for a target
  http::Retry retry = {};
};

// A client of The Update Framework, specification 1.0 section 5. Its folder holds the trusted metadata under
// unversioned names, byte for byte as downloaded; root.json must be there (init) and is believed, any other file that
// is damaged or not rightly signed counts as absent.
//
// What a repository says that does not hold is Fault::kUntrusted, what is no metadata Fault::kInput, and a server that
// does not hand out what is wanted Fault::kRemote. What was verified before the failure stays in the folder.
class Updater {
 public:
  // Times are compared with `now` alone. The client must outlive the updater. Fault::kInput or kUntrusted when the
  // folder holds no root.json that its own keys signed.
  Updater(const std::filesystem::path& folder, std::string metadata_url, http::Client& client, Time now,
          const Limits& limits = {});

  // Makes `root` the folder's root.json, unless a sound one of the same or a newer version is already there.
  static void init(const std::filesystem::path& folder, std::string_view root, const Limits& limits = {});

  // Sections 5.3 to 5.6.6: root, timestamp, snapshot and top-level targets as the repository has them now.
  void refresh();

  // The same from the folder alone; from here on nothing is asked of any server. Everything is verified but that what
  // has expired is only listed in expired(): the caller weighs it, and age().
  void load_cached();

  // The names of the files in use that are past their time; only after load_cached().
  const std::vector<std::string>& expired() const { return expired_; }

  // How long ago the last whole refresh of this folder was; nothing when there was none. Negative when the clock went
  // back.
  std::optional<std::chrono::seconds> age() const;
  // Whether load_cached() may stand in for refresh(), which is owed once in `longest`.
  bool refreshed_within(std::chrono::seconds longest) const;

  // Section 5.6.7: what the first role with authority over the name says of it, in pre-order; nothing when none does.
  // Delegated roles are read from the folder or downloaded. After refresh() or load_cached().
  std::optional<TargetInfo> target(std::string_view name);

  // Section 5.7: the target's bytes, verified. Kept in `folder` under the quoted name; what lies there already and is
  // right is not downloaded. A target longer than `limit` is refused.
  std::string fetch(const TargetInfo& target, const std::string& base_url, const std::filesystem::path& folder,
                    std::size_t limit);

 private:
  void begin(bool offline);
  void refresh_root();
  void refresh_timestamp();
  void load_snapshot();
  Targets load_targets(const std::string& role_name, const Keys& keys, const Role& role);

  // Nothing when the server has no such file.
  std::optional<std::string> get(const std::string& url, std::size_t limit);
  std::string download(std::string_view role, std::optional<std::int64_t> version, std::size_t limit);
  std::optional<std::int64_t> version_in_name(const FileInfo& wanted) const;
  void check_expiry(const Header& header, const std::string& what);
  template <class Read>
  auto from_cache(const std::string& name, std::size_t limit, const Read& read)
      -> std::optional<decltype(read(std::string()))>;

  Cache cache_;
  std::string metadata_url_;
  http::Client& client_;
  Time now_;
  Limits limits_;
  Root root_;
  std::optional<Timestamp> timestamp_;
  std::optional<Snapshot> snapshot_;
  std::shared_ptr<const Targets> targets_;
  bool offline_ = false;
  std::vector<std::string> expired_;
};

}  // namespace waybill::tuf
