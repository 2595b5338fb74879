#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/chart/helmignore.h"
#include "core/git/repository.h"

namespace waybill::chart {

// The files of a chart's folder that ship, as its `.helmignore` in a commit says; rules that helm would refuse leave
// nothing out. `inner` are folders below it, relative to it, that belong to other charts.
class ShippedNames {
 public:
  ShippedNames(const git::Repository& repository, const Oid& commit, const std::string& chart,
               std::vector<std::string> inner = {});

  // `.helmignore` always counts: with it changes what ships.
  bool has(std::string_view file) const;
  // Whether two trees of that folder differ in such a file; nothing = an empty one.
  bool differ(const std::optional<Oid>& before, const Oid& after) const;

 private:
  const git::Repository& repository_;
  std::optional<HelmIgnore> ignore_;
  std::vector<std::string> inner_;
};

}  // namespace waybill::chart
