// The bills of materials of a chart in a folder, as `release-charts` has them, and as they are signed:
// bill-of-materials HELM CHART OUTPUT KUBERNETES…

#include <iostream>
#include <span>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/chart/bill_of_materials.h"
#include "core/chart/helm.h"
#include "core/crypto/hash.h"
#include "core/lineage/keys.h"
#include "core/lineage/statements.h"

namespace waybill {
namespace {

namespace fs = std::filesystem;
namespace keys = lineage::keys;

constexpr std::size_t kMostBytes = 5 * 1024 * 1024;

chart::Subtree subtree(const fs::path& folder) {
  chart::Subtree files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file())
      files[entry.path().lexically_relative(folder).string()].content = read_file(entry.path(), kMostBytes);
  return files;
}

void write(const fs::path& output, const std::string& format, std::string_view type, std::string_view key,
           const chart::BillOfMaterials& bill, const Json& document) {
  write_file(output / (format + ".json"), canonical(document));
  const lineage::Stamp stamp{.key = std::string(key),
                             .stage = "release-charts",
                             .repository_id = "2002",
                             .base_ref = "release",
                             .base = std::string(40, 'd'),
                             .head = std::string(40, 'e'),
                             .policy_commit = std::string(40, 'c'),
                             .policy = crypto::sha256("policy"),
                             .shipment = {"charts/" + bill.name, {}, {}, {}},
                             .version = bill.version,
                             .tool = "waybill 0.1.0"};
  const lineage::Link package{std::string(keys::kPackage), crypto::sha256("statement"), bill.digest};
  const intoto::Statement statement =
      lineage::stamped(stamp, {{bill.file_name, bill.digest}}, type, document, {package},
                       {"https://forge.example/octo/charts/.github/workflows/release-charts.yml@refs/heads/main", ""});
  if (lineage::stamp_of(statement).key != key || lineage::links_of(statement) != std::vector{package})
    throw Error(Fault::kInternal, "the stamp of `{}` does not come back", key);
  write_file(output / (format + ".signed.json"), intoto::serialise(statement));
}

void run(const std::vector<std::string>& arguments) {
  if (arguments.size() < 4) throw Error(Fault::kInput, "usage: bill-of-materials HELM CHART OUTPUT KUBERNETES…");
  const std::string& folder = arguments[1];
  const std::string& output = arguments[2];
  const chart::Helm helm(arguments[0]);
  const chart::Subtree files = subtree(folder);
  const chart::Package package = chart::package(files, folder);
  std::vector<chart::Rendered> rendered;
  for (const std::string& kubernetes : std::span(arguments).subspan(3))
    rendered.push_back({kubernetes, helm.manifests(package, kubernetes)});
  const chart::BillOfMaterials bill = chart::bill_of_materials(package, files, rendered);
  const std::string release = lineage::release_uri("https://forge.example", "octo/charts", bill.name, bill.version);
  write(output, "cyclonedx", intoto::kCycloneDx, keys::kBillOfMaterials, bill, chart::cyclonedx(bill));
  write(output, "spdx", intoto::kSpdx, keys::kBillOfMaterialsSpdx, bill,
        chart::spdx(bill, {release, parse_rfc3339("2026-11-21T12:00:00Z"), "waybill 0.1.0"}));
}

}  // namespace
}  // namespace waybill

int main(int count, char** values) {
  try {
    waybill::run({values + 1, values + count});
    return 0;
  } catch (const waybill::Error& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
