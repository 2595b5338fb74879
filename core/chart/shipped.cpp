#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "core/base/error.h"
#include "core/chart/chart_yaml.h"
#include "core/chart/folders.h"
#include "core/chart/helm_text.h"
#include "core/chart/helmignore.h"
#include "core/chart/package.h"

namespace waybill::chart {
namespace {

constexpr std::size_t kDeepest = 16;  // sub-charts within sub-charts

// The files of a chart by path below it, in the order helm walks: depth first, names bytewise within a folder.
struct WalkOrder {
  bool operator()(std::string_view one, std::string_view other) const {
    const auto weight = [](char c) { return c == '/' ? 0 : static_cast<int>(static_cast<unsigned char>(c)) + 1; };
    return std::ranges::lexicographical_compare(one, other, {}, weight, weight);
  }
};
using Files = std::map<std::string_view, std::string_view, WalkOrder>;

// What helm needs to know of a chart to lay out its package.
struct Identity {
  std::string name;
  std::string version;
  bool v1 = false;
};

Identity identity_of(const Files& files, const std::string& where) {
  const auto file = files.find("Chart.yaml");
  if (file == files.end()) throw Error(Fault::kInput, "{} is missing from what ships", path_in(where, "Chart.yaml"));
  const std::string path = path_in(where, "Chart.yaml");
  const yaml::Node document = parse_chart_yaml(file->second, path);
  const auto text = [&](std::string_view key) {
    const auto node = document.find(key);
    return node ? helm_line(*node) : std::string();
  };
  Identity identity{text("name"), text("version"), text("apiVersion") != "v2"};
  if (identity.name.empty() || identity.name == "." || identity.name == ".." ||
      identity.name.find_first_of("/\\") != std::string::npos)
    throw Error(Fault::kInput, "{}: `{}` cannot be the name of a folder", path, identity.name);
  return identity;
}

// Keys beside `dependencies` in a requirements.yaml would overrule Chart.yaml, but for helm alone.
void check_requirements(const Files& files, const Identity& identity, const std::string& where) {
  const auto file = files.find("requirements.yaml");
  if (file == files.end()) return;
  const std::string path = path_in(where, "requirements.yaml");
  if (!identity.v1)
    throw Error(Fault::kInput, "{} does not belong to a chart of apiVersion v2", path)
        .hint("move its list to `dependencies` in Chart.yaml");
  const yaml::Node document = yaml::parse(file->second, path);
  if (document.kind() == yaml::Kind::kMapping) document.require_only({"dependencies"});
}

void refuse_inner_charts(const Files& files, const std::string& where) {
  for (const auto& [path, content] : files)
    if (path.ends_with("/Chart.yaml") && !path.starts_with("charts/") && !path.starts_with("templates/"))
      throw Error(Fault::kInput, "`{}` makes a chart inside another, which belongs under charts/", path_in(where, path))
          .hint("add its folder to .helmignore");
}

struct SubCharts {
  std::map<std::string, Files> folders;              // by folder name below charts/
  std::map<std::string, std::string_view> archives;  // by file name
};

// The order of a package: the chart's own files, then its sub-charts.
class Layout {
 public:
  explicit Layout(std::vector<archive::Member>& members) : members_(members) {}

  void add(const Files& files, const std::string& prefix, const std::string& where, std::size_t depth) {
    if (depth > kDeepest) throw Error(Fault::kInput, "{}: sub-charts more than {} deep", where, kDeepest);
    const Identity identity = identity_of(files, where);
    check_requirements(files, identity, where);
    const std::string folder = prefix + identity.name;
    put(folder, files, "Chart.yaml");
    if (!identity.v1) put(folder, files, "Chart.lock");
    put(folder, files, "values.yaml");
    put(folder, files, "values.schema.json");
    for (const auto& [path, content] : files)
      if (path.starts_with("templates/")) members_.push_back(member(folder, path, content));
    SubCharts sub_charts;
    for (const auto& [path, content] : files) {
      if (is_placed_before(path) || (!identity.v1 && path == "requirements.lock")) continue;
      if (path.starts_with("charts/") && !path.ends_with(".prov"))
        sort_in(path, content, sub_charts, where);
      else
        members_.push_back(member(folder, path, content));
    }
    add_sub_charts(sub_charts, folder + "/charts/", where, depth);
  }

 private:
  static archive::Member member(const std::string& folder, std::string_view path, std::string_view content) {
    return {folder + "/" + std::string(path), std::string(content)};
  }

  static bool is_placed_before(std::string_view path) {
    return path == "Chart.yaml" || path == "Chart.lock" || path == "values.yaml" || path == "values.schema.json" ||
           path.starts_with("templates/");
  }

  void put(const std::string& folder, const Files& files, std::string_view path) {
    if (const auto file = files.find(path); file != files.end()) members_.push_back(member(folder, path, file->second));
  }

  static void sort_in(std::string_view path, std::string_view content, SubCharts& to, const std::string& where) {
    const std::string_view below = path.substr(std::string_view("charts/").size());
    const std::size_t slash = below.find('/');
    const std::string name(below.substr(0, slash));
    if (name.starts_with('_') || name.starts_with('.')) return;
    const bool archive = name.ends_with(".tgz");
    if (archive != (slash == std::string_view::npos))
      throw Error(Fault::kInput, "`{}` is no sub-chart: charts/ holds folders with a Chart.yaml and .tgz archives",
                  path_in(where, path))
          .hint("add it to .helmignore");
    if (archive)
      to.archives.emplace(name, content);
    else
      to.folders[name].emplace(below.substr(slash + 1), content);
  }

  void add_sub_charts(const SubCharts& sub_charts, const std::string& prefix, const std::string& where,
                      std::size_t depth) {
    const std::string below = path_in(where, "charts/");
    std::map<std::string, std::string> by_name;  // entry below charts/ → folder, empty for an archive
    std::set<std::pair<std::string, std::string>> versions;
    const auto once = [&](const Identity& identity) {
      if (!versions.emplace(identity.name, identity.version).second)
        throw Error(Fault::kInput, "{} holds {} {} twice, helm would take either", below, identity.name,
                    identity.version);
    };
    for (const auto& [folder, files] : sub_charts.folders) {
      const Identity identity = identity_of(files, below + folder);
      once(identity);
      if (!by_name.emplace(identity.name, folder).second)
        throw Error(Fault::kInput, "{} holds two folders with a chart named {}", below, identity.name);
    }
    for (const auto& [name, content] : sub_charts.archives) {
      const std::vector<archive::Member> members = unpacked(content, below + name);
      once(identity_of(below_first_folder(members), below + name));
      if (!by_name.emplace(name, "").second)
        throw Error(Fault::kInput, "{} holds a folder and an archive named {}", below, name);
    }
    for (const auto& [name, folder] : by_name) {
      if (folder.empty())
        members_.push_back({prefix + name, std::string(sub_charts.archives.at(name))});
      else
        add(sub_charts.folders.at(folder), prefix, below + folder, depth + 1);
    }
  }

  static std::vector<archive::Member> unpacked(std::string_view bytes, const std::string& where) {
    try {
      return archive::read_tar_gzip(bytes, {.members = 10'000, .total_bytes = 64 * 1024 * 1024});
    } catch (const Error& error) {
      throw Error(error.fault(), "`{}`: {}", where, error.what()).hint(error.hint());
    }
  }

  static Files below_first_folder(const std::vector<archive::Member>& members) {
    Files files;
    for (const archive::Member& member : members) {
      const std::string_view path = member.path;
      const std::size_t slash = path.find('/');
      if (slash != std::string_view::npos) files.emplace(path.substr(slash + 1), member.content);
    }
    return files;
  }

  std::vector<archive::Member>& members_;
};

}  // namespace

std::vector<archive::Member> shipped_files(const Subtree& subtree, std::string_view where) {
  const auto rules = subtree.find(".helmignore");
  const HelmIgnore ignore(rules == subtree.end() ? std::string_view() : rules->second.content,
                          path_in(where, ".helmignore"));
  Files files;
  for (const auto& [path, file] : subtree)
    if (!ignore.ignores(path)) files.emplace(path, file.content);
  refuse_inner_charts(files, std::string(where));
  std::vector<archive::Member> members;
  Layout(members).add(files, "", std::string(where), 0);
  return members;
}

}  // namespace waybill::chart
