#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waybill::yaml {

enum class Kind { kNull, kScalar, kSequence, kMapping };

struct Limits {
  std::size_t bytes = 1024 * 1024;
  std::size_t depth = 32;
  std::size_t nodes = 100'000;
};

// One parsed YAML value, with where it stands. Values are text as written: no YAML 1.1 typing; ask with as_boolean(),
// as_integer(). Immutable, cheap to copy; what it returns by reference lives as long as the document's first node.
class Node {
 public:
  Kind kind() const;
  bool quoted() const;              // a scalar in quotes or a block scalar
  const std::string& text() const;  // of a scalar; Fault::kInput with line and key otherwise
  bool as_boolean() const;          // plain true/false only
  long as_integer() const;
  std::vector<std::string> texts() const;                            // of a sequence of scalars
  const std::vector<Node>& items() const;                            // of a sequence
  const std::vector<std::pair<std::string, Node>>& members() const;  // of a mapping, in order
  std::optional<Node> find(std::string_view key) const;
  Node at(std::string_view key) const;  // Fault::kInput "`key` is missing in `where`, line N"
  std::size_t line() const;             // 1-based
  const std::string& where() const;     // "Chart.yaml: dependencies[0].version"

  // Fault::kInput naming every member that is not in `allowed`.
  void require_only(const std::vector<std::string_view>& allowed) const;

  struct Impl;  // known to this folder only
  const Impl& impl() const { return *impl_; }

  explicit Node(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

 private:
  std::shared_ptr<const Impl> impl_;
};

// Exactly one document. Refused with file and line (Fault::kInput): syntax errors, conflict markers, duplicate keys,
// aliases and anchors and tags (bombs, and two readers may differ), several documents, limits, NUL, invalid UTF-8.
// Refused too because readers differ: merge keys, directives, keys not written `key:` on one line, tabs in indentation,
// control characters, and line ends that are neither LF nor CRLF. A BOM may stand at the start.
Node parse(std::string_view text, std::string_view name, const Limits& limits = {});

// Byte-exact edits: everything but the value's own bytes stays. The mapping is the document's top level, at column 0.
// Replaces the scalar of top-level `key` (quotes, comments, line end and CRLF kept; the same quotes around the new
// text). Fault::kInput when the key is missing, stands twice, or its value is not a one-line scalar; the new text must
// be plain.
std::string splice_scalar(std::string_view text, std::string_view key, std::string_view value, std::string_view name);
// The same of the scalar of `child`, a member of the top-level mapping `parent`; both must be there.
std::string splice_member(std::string_view text, std::string_view parent, std::string_view child,
                          std::string_view value, std::string_view name);
// Sets member `child` of the top-level mapping `parent` to a literal block scalar (`|`) of `lines`, replacing any value
// it has, adding member or mapping when absent; everything else stays byte for byte. New lines end as most lines of the
// file do. Blanks at the end of a line and empty lines at the end, which a reader would not see, are not written; with
// no line left the value is `""`. Fault::kInput when the parent is anything but a block mapping, `{}` or nothing.
std::string splice_block(std::string_view text, std::string_view parent, std::string_view child,
                         const std::vector<std::string>& lines, std::string_view name);

}  // namespace waybill::yaml
