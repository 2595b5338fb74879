#include "core/chart/repository_index.h"

#include <algorithm>
#include <vector>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/yaml/document.h"
#include "core/yaml/quote.h"

namespace waybill::chart {
namespace {

constexpr std::string_view kNothing = "apiVersion: v1\nentries: {}\ngenerated: \"\"\n";

constexpr std::string_view kBlanks = " \r\n";

[[noreturn]] void refuse(std::size_t line, std::string_view seen) {
  throw Error(Fault::kInput, "index.yaml, line {}: `{}` is not as helm writes it", line, printable_line(seen))
      .hint("helm repo index . --merge index.yaml");
}

std::string_view without_end(std::string_view text) {
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

std::string unquoted(std::string_view key) {
  if (key.size() > 1 && (key.front() == '"' || key.front() == '\'') && key.back() == key.front())
    key = key.substr(1, key.size() - 2);
  return std::string(key);
}

std::size_t after_line(std::string_view text, std::size_t at) {
  return std::min(text.find('\n', at), text.size() - 1) + 1;
}

std::string indented(std::string_view lines, std::size_t by) {
  std::string text;
  while (!lines.empty()) {
    const std::size_t end = after_line(lines, 0);
    text.append(by, ' ').append(lines.substr(0, end));
    lines.remove_prefix(end);
  }
  return text;
}

yaml::Node read_item(std::string_view text, const std::string& chart) {
  return yaml::parse(text, "index.yaml: " + chart).items().front();
}

Digest digest_of(const yaml::Node& item) {
  const std::string& text = item.at("digest").text();
  return text.starts_with("sha256:") ? Digest::parse(text) : Digest::sha256(text);
}

}  // namespace

// One pass over the lines: what begins in the first three columns says where charts and their items are.
class RepositoryIndex::Scan {
 public:
  Scan(std::string_view text, std::vector<Chart>& charts) : text_(text), charts_(charts) {}

  Span entries_line() {
    std::size_t number = 0;
    for (std::size_t at = 0; at < text_.size(); at = after_line(text_, at)) read({at, after_line(text_, at)}, ++number);
    if (!entries_) refuse(number, "the end, without `entries:`");
    if (inside_) leave(text_.size());
    return *entries_;
  }

 private:
  void read(Span line, std::size_t number) {
    const std::string_view text = text_.substr(line.begin, line.end - line.begin);
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos || text[first] == '#') return;
    if (text[first] == '\t') refuse(number, text);
    if (first == 0)
      read_top(line, text, number);
    else if (inside_)
      read_entry(line, text, first, number);
  }

  void read_top(Span line, std::string_view text, std::size_t number) {
    if (inside_) leave(line.begin);
    const bool block = std::string_view("{[-").find(text.front()) == std::string_view::npos;
    if (!block && without_end(text) != "---") refuse(number, text);
    if (!text.starts_with("entries:")) return;
    const std::string_view behind = without_end(text.substr(8));
    if (entries_ || (!behind.empty() && behind != " {}")) refuse(number, text);
    entries_ = line;
    inside_ = behind.empty();
  }

  void read_entry(Span line, std::string_view text, std::size_t first, std::size_t number) {
    const std::string_view content = without_end(text.substr(first));
    const bool dash = content.starts_with("- ") || content == "-";
    Chart* const chart = charts_.empty() ? nullptr : &charts_.back();
    if (dash && chart != nullptr && (chart->items.empty() || first == chart->indentation)) {
      close_item(line.begin);
      chart->indentation = first;
      chart->items.push_back({line.begin, 0});
    } else if (first == 2 && !dash) {
      const bool none = content.ends_with(": []");
      if (!none && !content.ends_with(':')) refuse(number, text);
      close_chart(line.begin);
      charts_.push_back({unquoted(content.substr(0, content.size() - (none ? 4 : 1))), line, {}});
    } else if (chart == nullptr || chart->items.empty() || first <= chart->indentation) {
      refuse(number, text);
    }
  }

  void close_item(std::size_t end) {
    if (!charts_.empty() && !charts_.back().items.empty() && charts_.back().items.back().end == 0)
      charts_.back().items.back().end = end;
  }

  void close_chart(std::size_t end) {
    close_item(end);
    if (!charts_.empty()) charts_.back().lines.end = end;
  }

  void leave(std::size_t end) {
    close_chart(end);
    inside_ = false;
  }

  std::string_view text_;
  std::vector<Chart>& charts_;
  std::optional<Span> entries_;
  bool inside_ = false;
};

RepositoryIndex::RepositoryIndex(std::string text) : text_(std::move(text)) {
  if (text_.empty()) text_ = kNothing;
  if (!text_.ends_with('\n')) text_ += '\n';
  entries_line_ = Scan(text_, charts_).entries_line();
}

const RepositoryIndex::Chart* RepositoryIndex::chart_named(std::string_view name) const {
  const auto found = std::ranges::find(charts_, name, &Chart::name);
  return found == charts_.end() ? nullptr : &*found;
}

std::optional<RepositoryIndex::Span> RepositoryIndex::item_of(const Chart& chart, std::string_view version) const {
  for (const Span& item : chart.items) {
    const std::string_view text = std::string_view(text_).substr(item.begin, item.end - item.begin);
    const bool may_be = text.find(version) != std::string_view::npos;
    if (may_be && read_item(text, chart.name).at("version").text() == version) return item;
  }
  return std::nullopt;
}

std::optional<Digest> RepositoryIndex::find(std::string_view name, std::string_view version) const {
  const Chart* chart = chart_named(name);
  const auto item = chart == nullptr ? std::nullopt : item_of(*chart, version);
  if (!item) return std::nullopt;
  return digest_of(read_item(std::string_view(text_).substr(item->begin, item->end - item->begin), chart->name));
}

void RepositoryIndex::add(const IndexEntry& entry) {
  if (const auto there = find(entry.name, entry.version)) {
    if (*there == entry.digest) return;
    throw Error(Fault::kConflict, "index.yaml lists {} {} with {}, this package is {}", entry.name, entry.version,
                there->text(), entry.digest.text())
        .hint("a published version never changes: release the chart under a new version");
  }
  const Chart* chart = chart_named(entry.name);
  if (chart != nullptr && !chart->items.empty()) {
    const std::size_t first = chart->items.front().begin;
    replace({first, first}, indented(entry.text, chart->indentation));
    return;
  }
  const std::string lines = "  " + yaml::scalar(entry.name) + ":\n" + indented(entry.text, 2);
  if (chart != nullptr) {
    replace(chart->lines, lines);
  } else if (charts_.empty()) {
    replace(entries_line_, "entries:\n" + lines);
  } else {
    const auto next = std::ranges::find_if(charts_, [&](const Chart& other) { return other.name > entry.name; });
    const std::size_t place = next == charts_.end() ? charts_.back().lines.end : next->lines.begin;
    replace({place, place}, lines);
  }
}

void RepositoryIndex::remove(std::string_view name, std::string_view version) {
  const Chart* chart = chart_named(name);
  const auto item = chart == nullptr ? std::nullopt : item_of(*chart, version);
  if (!item) return;
  if (chart->items.size() > 1)
    replace(*item, "");
  else
    replace(chart->lines, "  " + yaml::scalar(chart->name) + ": []\n");
}

void RepositoryIndex::set_generated(std::string_view time) {
  constexpr std::string_view kKey = "\ngenerated:";
  const std::size_t at = text_.find(kKey);
  if (at != std::string::npos) replace({at + 1, after_line(text_, at + 1)}, fmt::format("generated: \"{}\"\n", time));
}

void RepositoryIndex::replace(Span span, std::string_view by) {
  text_.replace(span.begin, span.end - span.begin, by);
  *this = RepositoryIndex(std::move(text_));
}

}  // namespace waybill::chart
