#include "core/stages/findings.h"

namespace waybill::stages {
namespace {

constexpr const char* kTokenOfAdmin =
    "with:\n  token: ${{ secrets.DOCTOR_TOKEN }} # of somebody who administers the repository, with that permission";

}  // namespace

std::optional<Error> not_seen(std::string_view thing, const std::function<void()>& ask) {
  try {
    ask();
    return std::nullopt;
  } catch (const Error& error) {
    if (error.fault() != Fault::kRemote && error.fault() != Fault::kPermission) throw;
    return Error(error.fault(), "{} could not be looked at: {}", thing, error.what()).hint(error.hint());
  }
}

void Findings::wrong(const std::string& text, std::string cure, Fault fault) {
  plan_.alarm(Error(fault, "{}", text).hint(std::move(cure)));
}

bool Findings::look(std::string_view thing, const std::function<void()>& ask) {
  const auto alarm = not_seen(thing, ask);
  if (!alarm) return true;
  wrong(alarm->what(), alarm->fault() == Fault::kPermission ? kTokenOfAdmin : alarm->hint(), alarm->fault());
  return false;
}

}  // namespace waybill::stages
