#include "core/stages/job.h"

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/lineage/keys.h"

namespace waybill::stages {

const Digest& Consignment::subject_of(std::string_view key) const {
  namespace keys = lineage::keys;
  constexpr std::array kAboutPackages{keys::kPackage, keys::kBillOfMaterials, keys::kBillOfMaterialsSpdx,
                                      keys::kPublish, keys::kReleaseOverall};
  if (std::ranges::find(kAboutPackages, key) == kAboutPackages.end()) return subtree_digest;
  if (!package) throw Error(Fault::kInternal, "`{}` of {} is asked for before there is a package", key, path);
  return package->digest;
}

std::vector<intoto::Subject> Consignment::subjects() const {
  return {lineage::subtree_subject(path, subtree_digest), lineage::content_subject(path, content_digest)};
}

namespace {

template <class Port>
const Port& present(const Port* port, std::string_view name) {
  if (port == nullptr) throw Error(Fault::kInternal, "this stage was started without {}", name);
  return *port;
}

}  // namespace

const git::Repository& Ports::git() const {
  return present(repository, "a repository");
}

const forge::Reader& Ports::forge() const {
  return present(reader, "a forge");
}

const chart::Helm& Ports::helm() const {
  return present(charts, "helm");
}

const forge::SettingsReader& Ports::forge_settings() const {
  return present(settings, "the forge's settings");
}

std::string_view Job::input(std::string_view name) const {
  const auto found = inputs.find(name);
  if (found == inputs.end()) throw Error(Fault::kInternal, "the stage has no input `{}`", name);
  return found->second;
}

}  // namespace waybill::stages
