#include "core/lineage/policy_values.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/lineage/names.h"

namespace waybill::lineage {
namespace {

std::vector<std::string> words(const yaml::Node& node) {
  return node.kind() == yaml::Kind::kScalar ? std::vector{node.text()} : node.texts();
}

}  // namespace

bool is_first_of(const yaml::Node& node, std::string_view one, std::string_view other) {
  if (node.text() == one) return true;
  if (node.text() == other) return false;
  throw Error(Fault::kInput, "{}: `{}` is neither `{}` nor `{}`", node.where(), printable_line(node.text()), one,
              other);
}

std::vector<Keeping> keepings(const yaml::Node& node) {
  std::vector<Keeping> places;
  for (const std::string& name : words(node)) {
    if (name != "github" && name != "git")
      throw Error(Fault::kInput, "{}: `{}` is neither `github` nor `git`", node.where(), printable_line(name));
    places.push_back(name == "git" ? Keeping::kGit : Keeping::kForge);
  }
  if (places.empty()) throw Error(Fault::kInput, "{}: at least one place is wanted", node.where());
  return places;
}

std::vector<BillFormat> bill_formats(const yaml::Node& node) {
  std::vector<BillFormat> formats;
  for (const std::string& name : words(node)) {
    if (std::ranges::none_of(kBillFormatNames, [&name](const auto& format) { return format.first == name; }))
      throw Error(Fault::kInput, "{}: `{}` is neither `cyclonedx` nor `spdx`", node.where(), printable_line(name));
    const BillFormat format = named(name, kBillFormatNames);
    if (std::ranges::find(formats, format) != formats.end())
      throw Error(Fault::kInput, "{}: `{}` stands there twice, once is wanted", node.where(), name);
    formats.push_back(format);
  }
  if (formats.empty())
    throw Error(Fault::kInput, "{}: at least one format is wanted", node.where()).hint("bill-of-materials: cyclonedx");
  return formats;
}

}  // namespace waybill::lineage
