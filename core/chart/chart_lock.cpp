#include "core/chart/chart_lock.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/chart/chart_yaml.h"
#include "core/chart/folders.h"
#include "core/chart/helm_json.h"
#include "core/chart/helm_text.h"
#include "core/crypto/hash.h"

namespace waybill::chart {
namespace {

constexpr std::string_view kLock = "Chart.lock";

// helm's `null` for a list that is not there.
OrderedJson dependencies_json(const yaml::Node& document) {
  const auto list = document.find("dependencies");
  if (!list || list->kind() == yaml::Kind::kNull) return nullptr;
  OrderedJson json = OrderedJson::array();
  for (const yaml::Node& item : list->items()) json.push_back(helm_dependency(item));
  return json;
}

std::string digest_of(const yaml::Node& chart, const yaml::Node& lock) {
  return crypto::sha256(as_go_writes({dependencies_json(chart), dependencies_json(lock)})).text();
}

std::string text_at(const yaml::Node& mapping, std::string_view key) {
  const auto node = mapping.find(key);
  return node && node->kind() == yaml::Kind::kScalar ? helm_line(*node) : std::string();
}

}  // namespace

std::string lock_digest(std::string_view chart_yaml, std::string_view lock, std::string_view where) {
  return digest_of(parse_chart_yaml(chart_yaml, path_in(where, "Chart.yaml")),
                   yaml::parse(lock, path_in(where, kLock)));
}

void require_lock_in_sync(const Subtree& subtree, const std::map<std::string, std::set<std::string>>& vendored,
                          std::string_view chart_path) {
  const auto found = subtree.find(std::string(kLock));
  if (found == subtree.end()) return;
  const yaml::Node chart = parse_chart_yaml(subtree.at("Chart.yaml").content, path_in(chart_path, "Chart.yaml"));
  if (text_at(chart, "apiVersion") != "v2") return;
  const std::string file = path_in(chart_path, kLock);
  const std::string hint = fmt::format("helm dependency update {0} && git add --force {1} {2}", chart_path,
                                       path_in(chart_path, "charts"), file);
  const yaml::Node lock = yaml::parse(found->second.content, file);
  const std::string said = text_at(lock, "digest");
  const std::string is = digest_of(chart, lock);
  if (said != is)
    throw Error(Fault::kInput, "{} is not of the dependencies in Chart.yaml: its digest is `{}`, {} is wanted", file,
                printable_line(said), is)
        .hint(hint);
  const auto locked = lock.find("dependencies");
  if (!locked || locked->kind() != yaml::Kind::kSequence) return;
  for (const yaml::Node& item : locked->items()) {
    const auto versions = vendored.find(text_at(item, "name"));
    if (versions == vendored.end() || versions->second.contains(text_at(item, "version"))) continue;
    throw Error(Fault::kInput, "{} names {} {}, under charts/ lies {}", file, printable_line(versions->first),
                printable_line(text_at(item, "version")), printable_line(*versions->second.begin()))
        .hint(hint);
  }
}

}  // namespace waybill::chart
