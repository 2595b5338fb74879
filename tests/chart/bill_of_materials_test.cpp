#include "core/chart/bill_of_materials.h"

#include <boost/test/unit_test.hpp>
#include <set>

#include "chart/charts.h"
#include "core/base/error.h"

namespace waybill {

BOOST_AUTO_TEST_SUITE(chart_bill_of_materials)

using chart::BillOfMaterials;
using chart::Image;
using chart::Rendered;

namespace {

const std::string kDigest(64, 'a');

std::string manifests(const std::string& first) {
  return "      image: " + first + "\n    - image: \"busybox@sha256:" + kDigest +
         "\"\n      imagePullPolicy: Always\n   image: plain # why\n   image: {a: b}\n";
}

chart::Subtree small_chart() {
  chart::Subtree chart = testing::small_chart("nginx");
  chart["charts/redis-1.2.3.tgz"].content = testing::packed(testing::small_chart("redis"));
  for (const auto& [path, file] : testing::small_chart("sub", "2.0.0")) chart["charts/sub/" + path] = file;
  return chart;
}

BillOfMaterials bill_of(const chart::Subtree& chart, const std::vector<Rendered>& rendered) {
  return chart::bill_of_materials(chart::package(chart, "charts/nginx"), chart, rendered);
}

BillOfMaterials small_bill() {
  return bill_of(small_chart(),
                 {{"1.32.11", manifests("r.example:5000/app:1.0")}, {"1.33.7", manifests("r.example:5000/app:2.0")}});
}

const chart::SpdxOrigin kOrigin{"https://github.com/octo/charts/releases/tag/nginx-v1.2.3",
                                parse_rfc3339("2026-11-21T12:00:00Z"), "waybill 0.1.0"};

const Json& named(const Json& items, std::string_view name) {
  for (const Json& item : items)
    if (item.at("name") == name) return item;
  throw Error(Fault::kInternal, "nothing is named `{}` in {}", name, items.dump());
}

std::set<std::string> related(const Json& document, std::string_view type) {
  std::set<std::string> ids;
  for (const Json& relationship : document.at("relationships"))
    if (relationship.at("relationshipType") == type)
      ids.insert(relationship.at("spdxElementId").get<std::string>() + " " +
                 relationship.at("relatedSpdxElement").get<std::string>());
  return ids;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_reference_is_taken_apart_as_registries_do) {
  struct Case {
    std::string reference;
    std::string repository;
    std::string tag;
    bool digested;
    std::string purl;
  };
  const std::string at = "@sha256:" + kDigest;
  for (const Case& one :
       {Case{"busybox", "busybox", "", false, ""}, Case{"busybox:1.36", "busybox", "1.36", false, ""},
        Case{"r.example:5000/team/app", "r.example:5000/team/app", "", false, ""},
        Case{"r.example:5000/team/app:1.0", "r.example:5000/team/app", "1.0", false, ""},
        Case{"busybox" + at, "busybox", "", true, "pkg:oci/busybox" + at + "?repository_url=docker.io/library/busybox"},
        Case{"octo/app:V1_x" + at, "octo/app", "V1_x", true,
             "pkg:oci/app" + at + "?repository_url=docker.io/octo/app&tag=V1_x"},
        Case{"r.example:5000/team/app:1.0" + at, "r.example:5000/team/app", "1.0", true,
             "pkg:oci/app" + at + "?repository_url=r.example:5000/team/app&tag=1.0"},
        Case{"localhost/app" + at, "localhost/app", "", true, "pkg:oci/app" + at + "?repository_url=localhost/app"},
        // What is no reference stays as it is.
        Case{"busybox@sha256:aa", "busybox@sha256:aa", "", false, ""},
        Case{"busybox@sha512:" + kDigest, "busybox@sha512:" + kDigest, "", false, ""},
        Case{"Busy Box", "Busy Box", "", false, ""}, Case{"a//b" + at, "a//b" + at, "", false, ""},
        Case{"app:1?x=y" + at, "app:1?x=y" + at, "", false, ""}, Case{at, at, "", false, ""}}) {
    const Image image = Image::parse(one.reference);
    BOOST_TEST_CONTEXT(one.reference) {
      BOOST_TEST(image.reference == one.reference);
      BOOST_TEST(image.repository == one.repository);
      BOOST_TEST(image.tag == one.tag);
      BOOST_TEST(image.digest.has_value() == one.digested);
      BOOST_TEST(image.purl() == one.purl);
    }
  }
  BOOST_TEST(Image::parse("app:1" + at).version() == "1");
  BOOST_TEST(Image::parse("app" + at).version() == "sha256:" + kDigest);
}

BOOST_AUTO_TEST_CASE(images_are_named_with_the_versions_that_they_are_rendered_for) {
  const BillOfMaterials bill = small_bill();
  std::map<std::string, std::string> found;
  for (const Image& image : bill.images)
    found[image.reference] = fmt::format("{}", fmt::join(image.kubernetes, " and "));
  const std::map<std::string, std::string> expected{{"busybox@sha256:" + kDigest, "1.32.11 and 1.33.7"},
                                                    {"plain", "1.32.11 and 1.33.7"},
                                                    {"r.example:5000/app:1.0", "1.32.11"},
                                                    {"r.example:5000/app:2.0", "1.33.7"}};
  BOOST_TEST((found == expected));
  BOOST_TEST(bill.complete_for().ends_with("default values for Kubernetes 1.32.11, 1.33.7"), bill.complete_for());
}

BOOST_AUTO_TEST_CASE(cyclonedx_names_the_package_its_vendored_charts_and_its_images) {
  const BillOfMaterials bill = small_bill();
  const Json json = chart::cyclonedx(bill);
  BOOST_TEST(json.at("metadata").at("component").at("hashes").at(0).at("content") == bill.digest.hex());
  BOOST_TEST(named(json.at("metadata").at("properties"), "waybill:complete-for").at("value") == bill.complete_for());
  std::multimap<std::string, std::string> found;
  for (const Json& component : json.at("components"))
    found.emplace(component.at("name"), component.value("version", ""));
  const std::multimap<std::string, std::string> expected{{"redis", "1.2.3"},
                                                         {"sub", "2.0.0"},
                                                         {"r.example:5000/app", "1.0"},
                                                         {"r.example:5000/app", "2.0"},
                                                         {"busybox", "sha256:" + kDigest},
                                                         {"plain", ""}};
  BOOST_TEST((found == expected), json.dump(1));
  const Json& busybox = named(json.at("components"), "busybox");
  BOOST_TEST(busybox.at("hashes").at(0).at("content") == kDigest);
  BOOST_TEST(busybox.at("purl") == Image::parse("busybox@sha256:" + kDigest).purl());
  BOOST_TEST(busybox.at("properties").size() == 2U);
  BOOST_TEST(json.at("dependencies").at(0).at("dependsOn").size() == 6U);
}

BOOST_AUTO_TEST_CASE(spdx_describes_the_package_what_it_contains_and_what_it_depends_on) {
  const BillOfMaterials bill = small_bill();
  const Json json = chart::spdx(bill, kOrigin);
  const Json& packages = json.at("packages");
  BOOST_TEST(packages.size() == 7U);
  const Json& package = packages.at(0);
  BOOST_TEST(package.at("SPDXID") == "SPDXRef-Package");
  BOOST_TEST(package.at("packageFileName") == "nginx-1.2.3.tgz");
  BOOST_TEST(package.at("checksums").at(0).at("checksumValue") == bill.digest.hex());
  BOOST_TEST(named(packages, "redis").at("checksums").at(0).at("checksumValue") == bill.charts.front().digest.hex());
  const Json& busybox = named(packages, "busybox");
  BOOST_TEST(busybox.at("primaryPackagePurpose") == "CONTAINER");
  BOOST_TEST(busybox.at("externalRefs").at(0).at("referenceLocator") ==
             Image::parse("busybox@sha256:" + kDigest).purl());
  BOOST_TEST(busybox.at("comment") == "`busybox@sha256:" + kDigest + "`, rendered for Kubernetes 1.32.11, 1.33.7");
  BOOST_TEST(!named(packages, "plain").contains("externalRefs"));
  BOOST_TEST(!named(packages, "plain").contains("versionInfo"));
  using Ids = std::set<std::string>;
  BOOST_CHECK(related(json, "DESCRIBES") == Ids{"SPDXRef-DOCUMENT SPDXRef-Package"});
  BOOST_CHECK(related(json, "CONTAINS") == (Ids{"SPDXRef-Package SPDXRef-Chart-1", "SPDXRef-Package SPDXRef-Chart-2"}));
  BOOST_TEST(related(json, "DEPENDS_ON").size() == 4U);
  BOOST_TEST(json.at("comment") == "complete for: " + bill.complete_for());
  BOOST_TEST(json.at("creationInfo").at("created") == "2026-11-21T12:00:00Z");
  BOOST_TEST(json.at("creationInfo").at("creators").at(0) == "Tool: waybill-0.1.0");
}

BOOST_AUTO_TEST_CASE(the_same_values_give_the_same_bytes) {
  BOOST_TEST(canonical(chart::cyclonedx(small_bill())) == canonical(chart::cyclonedx(small_bill())));
  BOOST_TEST(canonical(chart::spdx(small_bill(), kOrigin)) == canonical(chart::spdx(small_bill(), kOrigin)));
}

BOOST_AUTO_TEST_CASE(spdx_documents_that_differ_have_different_namespaces) {
  const BillOfMaterials bill = small_bill();
  const std::string one = chart::spdx(bill, kOrigin).at("documentNamespace");
  BOOST_TEST(one.starts_with(kOrigin.release + "/spdx/" + bill.digest.hex() + "-"), one);
  chart::SpdxOrigin later = kOrigin;
  later.tool = "waybill 0.2.0";
  BOOST_TEST((chart::spdx(bill, later).at("documentNamespace") != one));
  BillOfMaterials fewer = bill;
  fewer.images.pop_back();
  BOOST_TEST((chart::spdx(fewer, kOrigin).at("documentNamespace") != one));
}

BOOST_AUTO_TEST_CASE(without_images_and_charts_there_is_the_package_alone) {
  const BillOfMaterials bill = bill_of(testing::small_chart("nginx"), {{"1.33.7", ""}});
  BOOST_TEST(chart::cyclonedx(bill).at("components").is_array());
  BOOST_TEST(chart::cyclonedx(bill).at("components").empty());
  BOOST_TEST(chart::spdx(bill, kOrigin).at("packages").size() == 1U);
  BOOST_TEST(chart::spdx(bill, kOrigin).at("relationships").size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
