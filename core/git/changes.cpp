#include <array>

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
    for (const auto& [name, sides] : by_name(from, to)) {
      const auto& [before, after] = sides;
      if (before && after && before->id == after->id && before->mode == after->mode) continue;
      const std::string path = prefix + name;
      if (depth > kDepth) throw Error(Fault::kInput, "`{}` lies deeper than {} levels", shown(path), kDepth);
      if (++visited_ > kChangesLimit) throw Error(Fault::kInput, "more than {} entries differ", kChangesLimit);
      const std::optional<Oid> tree_before = tree_of(before);
      const std::optional<Oid> tree_after = tree_of(after);
      if (tree_before || tree_after) compare(tree_before, tree_after, path + "/", depth + 1);
      note(path, before && !tree_before, after && !tree_after);
    }
  }

  std::map<std::string, Change> take() { return std::move(found_); }

 private:
  using Sides = std::array<std::optional<Entry>, 2>;

  std::map<std::string, Sides> by_name(const std::optional<Oid>& from, const std::optional<Oid>& to) const {
    std::map<std::string, Sides> names;
    if (from)
      for (Entry& entry : repository_.children(*from)) names[entry.path][0] = entry;
    if (to)
      for (Entry& entry : repository_.children(*to)) names[entry.path][1] = entry;
    return names;
  }

  static std::optional<Oid> tree_of(const std::optional<Entry>& entry) {
    if (!entry || entry->mode != Mode::kTree) return std::nullopt;
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
