#include "core/chart/shipped_names.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/chart/folders.h"

namespace waybill::chart {
namespace {

constexpr std::size_t kRulesLimit = 1024 * 1024;
constexpr std::string_view kRules = ".helmignore";

}  // namespace

ShippedNames::ShippedNames(const git::Repository& repository, const Oid& commit, const std::string& chart,
                           std::vector<std::string> inner)
    : repository_(repository), inner_(std::move(inner)) {
  const std::string path = path_in(chart, kRules);
  try {
    if (const auto text = repository.file(commit, path, kRulesLimit)) ignore_.emplace(*text, path);
  } catch (const Error& error) {
    if (error.fault() != Fault::kInput) throw;
  }
}

bool ShippedNames::has(std::string_view file) const {
  if (std::ranges::any_of(inner_, [&](const std::string& folder) { return is_below(file, folder); })) return false;
  return file == kRules || !ignore_ || !ignore_->ignores(file);
}

bool ShippedNames::differ(const std::optional<Oid>& before, const Oid& after) const {
  if (before == after) return false;
  if (!ignore_ && inner_.empty()) return true;
  const auto changes = repository_.changes(before, after);
  return std::ranges::any_of(changes, [&](const auto& change) { return has(change.first); });
}

}  // namespace waybill::chart
