#include "core/app/known_root.h"

#include <filesystem>

#include "core/base/error.h"
#include "core/tuf/updater.h"

namespace waybill::app {
namespace {

constexpr std::chrono::hours kRefreshedWithin{24};
constexpr std::string_view kTarget = "trusted_root.json";
constexpr std::size_t kLargestRoot = 1024 * 1024;

std::filesystem::path cache_folder(const runner::Environment& environment) {
  for (const auto& [variable, below] : {std::pair("XDG_CACHE_HOME", "waybill/tuf"), {"HOME", ".cache/waybill/tuf"}})
    if (const auto folder = environment.find(variable); folder != environment.end() && folder->second.starts_with('/'))
      return std::filesystem::path(folder->second) / below;
  throw Error(Fault::kInput, "neither XDG_CACHE_HOME nor HOME names a folder for newer ones");
}

// One instance's TUF repository in its folder, and what a client makes of it.
class Roots {
 public:
  Roots(const sigstore::Instance& instance, std::filesystem::path folder, http::Client& client, Time now)
      : instance_(instance), folder_(std::move(folder)), client_(client), now_(now) {
    tuf::Updater::init(folder_, instance.tuf_root);
  }

  stages::KnownRoot refreshed() {
    tuf::Updater updater = this->updater();
    if (updater.refreshed_within(kRefreshedWithin))
      updater.load_cached();
    else
      updater.refresh();
    return root(updater);
  }

  // Nothing when it was never refreshed, or is past its time.
  std::optional<stages::KnownRoot> cached() {
    tuf::Updater updater = this->updater();
    if (!updater.age()) return std::nullopt;
    updater.load_cached();
    return updater.expired().empty() ? std::optional(root(updater)) : std::nullopt;
  }

 private:
  tuf::Updater updater() {
    tuf::Limits limits;
    limits.retry.attempts = 2;
    return {folder_, std::string(instance_.tuf_url), client_, now_, limits};
  }

  stages::KnownRoot root(tuf::Updater& updater) {
    const auto target = updater.target(kTarget);
    if (!target) throw Error(Fault::kUntrusted, "{} has no target `{}`", instance_.tuf_url, kTarget);
    std::string json =
        updater.fetch(*target, fmt::format("{}/targets", instance_.tuf_url), folder_ / "targets", kLargestRoot);
    const auto hours = std::chrono::floor<std::chrono::hours>(updater.age().value_or(std::chrono::seconds(0))).count();
    return {std::move(json), fmt::format("{}, by TUF {} {} ago", instance_.name, hours, hours == 1 ? "hour" : "hours")};
  }

  const sigstore::Instance& instance_;
  std::filesystem::path folder_;
  http::Client& client_;
  Time now_;
};

std::string copied(const sigstore::Instance& instance, Time now) {
  const Time then = parse_rfc3339(fmt::format("{}T00:00:00Z", instance.copied_on));
  const auto days = std::chrono::floor<std::chrono::days>(now - then).count();
  return fmt::format("copied on {}, {} {} ago", instance.copied_on, days, days == 1 ? "day" : "days");
}

}  // namespace

stages::KnownRoot known_root_of(const sigstore::Instance& instance, bool offline,
                                const runner::Environment& environment, http::Client& client, Time now) {
  std::string why = offline ? "offline" : "";
  try {
    Roots roots(instance, cache_folder(environment) / instance.name, client, now);
    try {
      if (!offline) return roots.refreshed();
    } catch (const Error& error) {
      why = error.what();
    }
    if (auto cached = roots.cached()) {
      cached->described += fmt::format(" ({})", why);
      return *std::move(cached);
    }
  } catch (const Error& error) {
    if (why.empty()) why = error.what();
  } catch (const std::filesystem::filesystem_error& error) {
    if (why.empty()) why = error.what();
  }
  return {std::string(instance.trusted_root), fmt::format("{}, {} ({})", instance.name, copied(instance, now), why)};
}

std::optional<stages::KnownRoot> known_root(std::string_view organisation, bool offline,
                                            const runner::Environment& environment, http::Client& client, Time now) {
  const sigstore::Instance* instance = sigstore::instance_of(organisation);
  if (instance == nullptr) return std::nullopt;
  return known_root_of(*instance, offline, environment, client, now);
}

}  // namespace waybill::app
