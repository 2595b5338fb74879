#include <algorithm>

#include "core/base/error.h"
#include "core/git/native.h"

namespace waybill::git {
namespace {

constexpr std::size_t kChangesLimit = 1'000'000;

class Comparison {
 public:
  explicit Comparison(const Repository& repository) : repository_(repository) {}

  void compare(const std::optional<Oid>& from, const std::optional<Oid>& to, const std::string& prefix,
               std::size_t depth) {
    const std::vector<Entry> before = by_name(from);
    const std::vector<Entry> after = by_name(to);
    auto old = before.begin();
    auto now = after.begin();
    while (old != before.end() || now != after.end()) {
      const bool gone = now == after.end() || (old != before.end() && old->path < now->path);
      const bool came = old == before.end() || (now != after.end() && now->path < old->path);
      const Entry* was = came ? nullptr : &*old++;
      const Entry* is = gone ? nullptr : &*now++;
      if (was == nullptr || is == nullptr || was->id != is->id || was->mode != is->mode) differ(was, is, prefix, depth);
    }
  }

  std::map<std::string, Change> take() { return std::move(found_); }

 private:
  std::vector<Entry> by_name(const std::optional<Oid>& tree) const {
    if (!tree) return {};
    std::vector<Entry> entries = repository_.children(*tree);
    std::ranges::sort(entries, {}, &Entry::path);
    return entries;
  }

  // One name of two trees that is another thing in each, or only in one of them.
  void differ(const Entry* before, const Entry* after, const std::string& prefix, std::size_t depth) {
    const std::string path = prefix + (before != nullptr ? before : after)->path;
    if (depth > kDepth) throw Error(Fault::kInput, "`{}` lies deeper than {} levels", shown(path), kDepth);
    if (++visited_ > kChangesLimit) throw Error(Fault::kInput, "more than {} entries differ", kChangesLimit);
    const std::optional<Oid> tree_before = tree_of(before);
    const std::optional<Oid> tree_after = tree_of(after);
    if (tree_before || tree_after) compare(tree_before, tree_after, path + "/", depth + 1);
    note(path, before != nullptr && !tree_before, after != nullptr && !tree_after);
  }

  static std::optional<Oid> tree_of(const Entry* entry) {
    if (entry == nullptr || entry->mode != Mode::kTree) return std::nullopt;
    return entry->id;
  }

  void note(const std::string& path, bool before, bool after) {
    if (before || after)
      found_.emplace(path, before && after ? Change::kModified : after ? Change::kAdded : Change::kDeleted);
  }

  const Repository& repository_;
  std::size_t visited_ = 0;
  std::map<std::string, Change> found_;
};

}  // namespace

std::map<std::string, Change> Repository::changes(const std::optional<Oid>& from_tree, const Oid& to_tree) const {
  Comparison comparison(*this);
  if (from_tree != to_tree) comparison.compare(from_tree, to_tree, "", 1);
  return comparison.take();
}

}  // namespace waybill::git
