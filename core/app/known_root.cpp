#include "core/app/known_root.h"

#include <filesystem>

#include "core/base/error.h"
#include "core/sigstore/instance.h"
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

stages::KnownRoot by_tuf(const sigstore::Instance& instance, const std::filesystem::path& folder, http::Client& client,
                         Time now) {
  tuf::Updater::init(folder, instance.tuf_root);
  tuf::Limits limits;
  limits.retry.attempts = 2;
  tuf::Updater updater(folder, std::string(instance.tuf_url), client, now, limits);
  if (updater.refreshed_within(kRefreshedWithin))
    updater.load_cached();
  else
    updater.refresh();
  const auto target = updater.target(kTarget);
  if (!target) throw Error(Fault::kUntrusted, "{} has no target `{}`", instance.tuf_url, kTarget);
  return {updater.fetch(*target, fmt::format("{}/targets", instance.tuf_url), folder / "targets", kLargestRoot),
          fmt::format("{}, by TUF", instance.name)};
}

std::string copied(const sigstore::Instance& instance, Time now) {
  const Time then = parse_rfc3339(fmt::format("{}T00:00:00Z", instance.copied_on));
  const auto days = std::chrono::floor<std::chrono::days>(now - then).count();
  return fmt::format("copied on {}, {} {} ago", instance.copied_on, days, days == 1 ? "day" : "days");
}

}  // namespace

std::optional<stages::KnownRoot> known_root(std::string_view organisation, bool offline,
                                            const runner::Environment& environment, http::Client& client, Time now) {
  const sigstore::Instance* instance = sigstore::instance_of(organisation);
  if (instance == nullptr) return std::nullopt;
  std::string why = "offline";
  try {
    if (!offline) return by_tuf(*instance, cache_folder(environment) / instance->name, client, now);
  } catch (const Error& error) {
    why = error.what();
  } catch (const std::filesystem::filesystem_error& error) {
    why = error.what();
  }
  return stages::KnownRoot{std::string(instance->trusted_root),
                           fmt::format("{}, {} ({})", instance->name, copied(*instance, now), why)};
}

}  // namespace waybill::app
