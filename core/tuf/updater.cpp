#include "core/tuf/updater.h"

#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/tuf/name.h"
#include "core/tuf/rules.h"

namespace waybill::tuf {
namespace {

constexpr const char* kRoot = "root.json";
constexpr const char* kTimestamp = "timestamp.json";
constexpr const char* kSnapshot = "snapshot.json";
constexpr const char* kTargets = "targets.json";  // what a refresh writes last: its time is that of the whole
constexpr int kRedirects = 3;

std::size_t limit_for(const FileInfo& wanted, std::size_t usual) {
  return wanted.length ? static_cast<std::size_t>(*wanted.length) : usual;
}

Root cached_root(const Cache& cache, std::size_t limit) {
  const std::optional<std::string> bytes = cache.read(kRoot, limit);
  if (!bytes)
    throw Error(Fault::kInput, "`{}` holds no {} of at most {} bytes, the root that trust begins with",
                cache.folder().string(), kRoot, limit);
  return first_root(*bytes, kRoot);
}

// Section 5.3.11, before the new root is kept: what a lost key may have driven far ahead is forgotten.
void replace_root(const Cache& cache, const Root& before, const Root& after, std::string_view bytes) {
  if (keys_rotated(before, after)) {
    cache.remove(kTimestamp);
    cache.remove(kSnapshot);
  }
  cache.write(kRoot, bytes);
}

}  // namespace

Updater::Updater(const std::filesystem::path& folder, std::string metadata_url, http::Client& client, Time now,
                 const Limits& limits)
    : cache_(folder),
      metadata_url_(std::move(metadata_url)),
      client_(client),
      now_(now),
      limits_(limits),
      root_(cached_root(cache_, limits.root)) {}

void Updater::init(const std::filesystem::path& folder, std::string_view root, const Limits& limits) {
  if (root.size() > limits.root)
    throw Error(Fault::kInput, "{} has {} bytes, at most {} are read", kRoot, root.size(), limits.root);
  const Cache cache(folder);
  const Root given = first_root(root, kRoot);
  std::optional<Root> present;
  try {
    present = cached_root(cache, limits.root);
  } catch (const Error&) {
    present.reset();
  }
  if (!present)
    cache.write(kRoot, root);
  else if (present->header.version < given.header.version)
    replace_root(cache, *present, given, root);
}

void Updater::refresh() {
  begin(false);
  refresh_root();
  refresh_timestamp();
  load_snapshot();
  targets_ = std::make_shared<const Targets>(load_targets("targets", root_.keys, root_.roles.at("targets")));
  cache_.touch(kTargets, now_);
}

void Updater::load_cached() {
  begin(true);
  check_expiry(root_.header, kRoot);
  timestamp_ = from_cache(kTimestamp, limits_.timestamp,
                          [&](const std::string& bytes) { return signed_timestamp(root_, bytes, kTimestamp); });
  if (!timestamp_) throw Error(Fault::kInput, "`{}` holds no {}", cache_.folder().string(), kTimestamp);
  check_expiry(timestamp_->header, kTimestamp);
  load_snapshot();
  targets_ = std::make_shared<const Targets>(load_targets("targets", root_.keys, root_.roles.at("targets")));
}

void Updater::begin(bool offline) {
  offline_ = offline;
  expired_.clear();
  timestamp_.reset();
  snapshot_.reset();
  targets_.reset();
}

std::optional<std::chrono::seconds> Updater::age() const {
  const std::optional<Time> touched = cache_.touched(kTargets);
  return touched ? std::optional(now_ - *touched) : std::nullopt;
}

bool Updater::refreshed_within(std::chrono::seconds longest) const {
  const std::optional<std::chrono::seconds> seen = age();
  return seen && *seen >= std::chrono::seconds(0) && *seen <= longest;
}

void Updater::refresh_root() {
  for (int rotation = 0; rotation < limits_.root_rotations; ++rotation) {
    const std::string name = metadata_name("root", root_.header.version + 1);
    // 5.3.3: "If this file is not available […] then go to step 5.3.10".
    const std::optional<std::string> bytes = get(joined(metadata_url_, name), limits_.root);
    if (!bytes) break;
    Root next = next_root(root_, *bytes, name);
    replace_root(cache_, root_, next, *bytes);
    root_ = std::move(next);
  }
  check_expiry(root_.header, kRoot);
}

void Updater::refresh_timestamp() {
  timestamp_ = from_cache(kTimestamp, limits_.timestamp,
                          [&](const std::string& bytes) { return signed_timestamp(root_, bytes, kTimestamp); });
  const std::string bytes = download("timestamp", std::nullopt, limits_.timestamp);
  Timestamp fresh = signed_timestamp(root_, bytes, kTimestamp);
  if (timestamp_) require_no_rollback(*timestamp_, fresh);
  const bool is_new = !timestamp_ || fresh.header.version > timestamp_->header.version;
  check_expiry(is_new ? fresh.header : timestamp_->header, kTimestamp);
  if (!is_new) return;
  cache_.write(kTimestamp, bytes);
  timestamp_ = std::move(fresh);
}

void Updater::load_snapshot() {
  const FileInfo& wanted = timestamp_->snapshot;
  const std::size_t limit = limit_for(wanted, limits_.snapshot);
  // One that no longer is what the timestamp describes still tells what may not be rolled back.
  const auto trusted = from_cache(kSnapshot, std::max(limit, limits_.snapshot),
                                  [&](const std::string& bytes) { return signed_snapshot(root_, bytes, kSnapshot); });
  const auto read = [&](const std::string& bytes) {
    require_described(wanted, bytes, kSnapshot);
    Snapshot snapshot = signed_snapshot(root_, bytes, kSnapshot);
    require_version(wanted, snapshot.header, kSnapshot);
    if (trusted) require_no_rollback(*trusted, snapshot);
    check_expiry(snapshot.header, kSnapshot);
    return snapshot;
  };
  snapshot_ = from_cache(kSnapshot, limit, read);
  if (snapshot_) return;
  const std::string bytes = download("snapshot", version_in_name(wanted), limit);
  snapshot_ = read(bytes);
  cache_.write(kSnapshot, bytes);
}

Targets Updater::load_targets(const std::string& role_name, const Keys& keys, const Role& role) {
  const std::string name = metadata_name(role_name);
  const auto listed = snapshot_->files.find(role_name + ".json");
  if (listed == snapshot_->files.end())
    throw Error(Fault::kUntrusted, "{} does not list `{}.json`", kSnapshot, role_name);
  const FileInfo& wanted = listed->second;
  const std::size_t limit = limit_for(wanted, limits_.targets);
  const auto read = [&](const std::string& bytes) {
    require_described(wanted, bytes, name);
    Targets targets = signed_targets(keys, role, bytes, name);
    require_version(wanted, targets.header, name);
    check_expiry(targets.header, name);
    return targets;
  };
  if (std::optional<Targets> cached = from_cache(name, limit, read)) return *std::move(cached);
  const std::string bytes = download(role_name, version_in_name(wanted), limit);
  Targets fresh = read(bytes);
  cache_.write(name, bytes);
  return fresh;
}

std::optional<std::string> Updater::get(const std::string& url, std::size_t limit) {
  http::Response response =
      http::send_retrying(client_, {.url = url, .answer_limit = limit, .redirects = kRedirects}, limits_.retry);
  // A bucket whose content may not be listed answers 403 for what it does not hold.
  if (response.status == 404 || response.status == 403) return std::nullopt;
  if (response.status != 200)
    throw Error(Fault::kRemote, "GET {} answered {}, 200 is wanted", url, response.status).hint(kRunAgain);
  if (response.body.size() > limit)
    throw Error(Fault::kRemote, "GET {} answered more than the {} bytes that are read", url, limit);
  return std::move(response.body);
}

std::string Updater::download(std::string_view role, std::optional<std::int64_t> version, std::size_t limit) {
  if (offline_)
    throw Error(Fault::kInput, "`{}` holds no {}, and offline none is downloaded", cache_.folder().string(),
                metadata_name(role));
  const std::string url = joined(metadata_url_, metadata_name(role, version));
  if (std::optional<std::string> bytes = get(url, limit)) return *std::move(bytes);
  throw Error(Fault::kRemote, "GET {} answered 403 or 404, the repository lacks its own metadata", url).hint(kRunAgain);
}

// 6.2: with consistent snapshots every file but the timestamp bears its version.
std::optional<std::int64_t> Updater::version_in_name(const FileInfo& wanted) const {
  return root_.consistent_snapshot ? std::optional(wanted.version) : std::nullopt;
}

void Updater::check_expiry(const Header& header, const std::string& what) {
  if (!offline_) return require_unexpired(header, now_, what);
  if (is_expired(header, now_) && std::ranges::find(expired_, what) == expired_.end()) expired_.push_back(what);
}

// Online a file that does not hold is fetched anew; offline it is the only one, and the reason is told.
template <class Read>
auto Updater::from_cache(const std::string& name, std::size_t limit, const Read& read)
    -> std::optional<decltype(read(std::string()))> {
  const std::optional<std::string> bytes = cache_.read(name, limit);
  if (!bytes) return std::nullopt;
  try {
    return read(*bytes);
  } catch (const Error&) {
    if (offline_) throw;
    return std::nullopt;
  }
}

}  // namespace waybill::tuf
