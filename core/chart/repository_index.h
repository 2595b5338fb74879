#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/digest.h"
#include "core/chart/package.h"

// The `index.yaml` of a classic chart repository (https://helm.sh/docs/topics/chart_repository/), as helm and
// chart-releaser write it: below `entries`, each chart's versions as a block list. It may be many megabytes; everything
// but the item that comes or goes stays byte for byte.
namespace waybill::chart {

struct IndexEntry {
  std::string name;
  std::string version;
  Digest digest;     // of the package
  std::string text;  // lines of the list item, "- apiVersion: v2\n  …"
};

// What helm lists of a package that lies at an address. `subtree` is what it was packaged from, `created` is RFC 3339.
IndexEntry index_entry(const Subtree& subtree, const Package& package, std::string_view url, std::string_view created);

class RepositoryIndex {
 public:
  // An empty text is an index of nothing. Fault::kInput naming the line of one that is not in that form.
  explicit RepositoryIndex(std::string text = "");

  const std::string& text() const { return text_; }
  // The digest under which a version is listed; nothing when it is not.
  std::optional<Digest> find(std::string_view name, std::string_view version) const;

  // Lists the version before the chart's others, if it is not there; Fault::kConflict when it is with another digest.
  void add(const IndexEntry& entry);
  // Lists the version no more, if it is there.
  void remove(std::string_view name, std::string_view version);
  // Sets the time when it was written, where it has one.
  void set_generated(std::string_view time);

 private:
  // A part of the text: where it begins, and the byte after it.
  struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  struct Chart {
    std::string name;
    Span lines;  // its key's line and all below it
    std::vector<Span> items;
    std::size_t indentation = 2;  // of its items
  };
  class Scan;

  void replace(Span span, std::string_view by);
  const Chart* chart_named(std::string_view name) const;
  std::optional<Span> item_of(const Chart& chart, std::string_view version) const;

  std::string text_;
  Span entries_line_;
  std::vector<Chart> charts_;
};

}  // namespace waybill::chart
