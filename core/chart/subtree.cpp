#include <algorithm>
#include <optional>

#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/chart/chart.h"
#include "core/chart/folders.h"
#include "core/crypto/hash.h"

namespace waybill::chart {
namespace {

bool has_control_character(std::string_view path) {
  while (!path.empty())
    if (!is_printable(take_character(path))) return true;
  return false;
}

std::string shown(std::string_view path) {
  std::string text;
  while (!path.empty()) {
    const char32_t character = take_character(path);
    append_character(text, is_printable(character) ? character : U'?');
  }
  return text;
}

bool is_safe_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && case_folded(name) != ".git";
}

void require_safe_path(std::string_view path, std::string_view chart_path) {
  const std::string full = path_in(chart_path, shown(path));
  if (!is_utf8(path)) throw Error(Fault::kInput, "the name of `{}` is not UTF-8", full);
  if (has_control_character(path)) throw Error(Fault::kInput, "the name of `{}` has a control character", full);
  if (path.find('\\') != std::string_view::npos) throw Error(Fault::kInput, "the name of `{}` has a backslash", full);
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    if (!is_safe_name(path.substr(at, end - at))) throw Error(Fault::kInput, "`{}` is not a path inside a chart", full);
    at = end + 1;
  }
}

// Two names that a file system without case takes for one, of files or of the folders above them.
void require_distinct_names(const std::vector<git::Entry>& entries, std::string_view chart_path) {
  std::map<std::string, std::string, std::less<>> seen;
  for (const git::Entry& entry : entries)
    for (std::size_t end = entry.path.find('/');; end = entry.path.find('/', end + 1)) {
      const std::string name = entry.path.substr(0, end);
      const auto [other, fresh] = seen.emplace(case_folded(name), name);
      if (!fresh && other->second != name)
        throw Error(Fault::kInput, "`{}` and `{}` differ only in upper and lower case",
                    path_in(chart_path, other->second), path_in(chart_path, name));
      if (end == std::string::npos) break;
    }
}

void refuse_links(const std::vector<git::Entry>& entries, std::string_view chart_path) {
  std::string links;
  std::size_t count = 0;
  for (const git::Entry& entry : entries) {
    if (entry.mode == git::Mode::kSubmodule)
      throw Error(Fault::kInput, "`{}` is a submodule, a chart is made of files",
                  path_in(chart_path, shown(entry.path)))
          .hint("git rm --cached " + path_in(chart_path, shown(entry.path)));
    if (entry.mode != git::Mode::kLink) continue;
    if (++count <= 10) links += (count == 1 ? "`" : ", `") + path_in(chart_path, shown(entry.path)) + "`";
  }
  if (count == 0) return;
  if (count > 10) links += " and " + std::to_string(count - 10) + " more";
  throw Error(Fault::kInput, "{} {}, helm would package what {} to", links, count == 1 ? "is a link" : "are links",
              count == 1 ? "it points" : "they point")
      .hint("put a copy of the file in the link's place");
}

// The tree made of the files whose path starts with `prefix`.
Oid tree_below(Subtree::const_iterator first, Subtree::const_iterator last, std::size_t prefix) {
  std::vector<git::Entry> entries;
  while (first != last) {
    const std::string& path = first->first;
    const std::size_t slash = path.find('/', prefix);
    if (slash == std::string::npos) {
      entries.push_back({path.substr(prefix), first->second.mode, git::blob_id(first->second.content)});
      ++first;
      continue;
    }
    const std::string_view folder(path.data(), slash + 1);
    const auto end = std::find_if_not(first, last, [&](const auto& file) { return file.first.starts_with(folder); });
    entries.push_back({path.substr(prefix, slash - prefix), git::Mode::kTree, tree_below(first, end, slash + 1)});
    first = end;
  }
  return git::tree_id(std::move(entries));
}

}  // namespace

Subtree read_subtree(const git::Repository& repository, const Oid& tree, std::string_view path,
                     const SubtreeLimits& limits) {
  if (path != ".") require_safe_path(path, ".");
  const std::vector<git::Entry> entries = repository.files(tree, limits.files);
  for (const git::Entry& entry : entries) require_safe_path(entry.path, path);
  refuse_links(entries, path);
  require_distinct_names(entries, path);
  Subtree subtree;
  std::size_t total = 0;
  for (const git::Entry& entry : entries) {
    File file{entry.mode, {}};
    try {
      file.content = repository.blob(entry.id, limits.file_bytes);
    } catch (const Error& error) {
      throw Error(error.fault(), "`{}`: {}", path_in(path, entry.path), error.what()).hint(error.hint());
    }
    total += file.content.size();
    if (total > limits.total_bytes)
      throw Error(Fault::kInput, "`{}` has more than {} bytes in all", path, limits.total_bytes);
    subtree.emplace(entry.path, std::move(file));
  }
  return subtree;
}

Digest subtree_digest(const Subtree& subtree) {
  crypto::Hasher hash;
  for (const auto& [path, file] : subtree) {
    std::string entry = fmt::format("{:06o} {}", static_cast<std::uint32_t>(file.mode), path);
    entry += '\0';
    hash.update(entry + crypto::sha256(file.content).hex() + "\n");
  }
  return hash.finish();
}

Oid tree_id(const Subtree& subtree) {
  return tree_below(subtree.begin(), subtree.end(), 0);
}

}  // namespace waybill::chart
