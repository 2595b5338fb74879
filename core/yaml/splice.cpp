#include <algorithm>
#include <cctype>

#include "core/base/error.h"
#include "core/yaml/impl.h"

namespace waybill::yaml {
namespace {

constexpr std::size_t kIndentation = 2;
constexpr std::size_t kIndicatorLimit = 9;  // YAML 1.2.2 section 8.1.1.1: the indicator is one digit

bool is_plain(std::string_view text) {
  return !text.empty() && std::isalnum(static_cast<unsigned char>(text.front())) &&
         std::ranges::all_of(text, [](unsigned char c) {
           return std::isalnum(c) || std::string_view("._+-/@~").find(static_cast<char>(c)) != std::string_view::npos;
         });
}

// How most lines end.
std::string_view usual_line_end(std::string_view text) {
  std::ptrdiff_t returns = std::ranges::count(text, '\r');  // each before a line feed, or it had not been read
  return 2 * returns > std::ranges::count(text, '\n') ? "\r\n" : "\n";
}

Node top_level(std::string_view text, std::string_view name) {
  Node root = parse(text, name);
  if (root.kind() != Kind::kMapping || root.impl().flow)
    throw Error(Fault::kInput, "{} is not a block mapping (`key: value` lines) at its top level, line {}", name,
                root.line());
  return root;
}

void require_at_line_start(const Node& member, std::string_view key, std::string_view text) {
  const std::size_t begin = member.impl().key_begin;
  const std::size_t first = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
  if (begin != std::max(line_begin(text, begin), first))
    throw Error(Fault::kInput, "{}: `{}` does not start its line, line {}", member.where(), key, member.line());
}

// Equal but for the member at the end of `way`, which `edited` looks at. A final line feed that was missing may have
// been added to a block scalar.
class Comparison {
 public:
  Comparison(std::vector<std::string_view> way, bool ended) : way_(std::move(way)), ended_(ended) {}

  bool holds(const Node& before, const Node& after, std::size_t depth = 0) const {
    const Node::Impl& a = before.impl();
    const Node::Impl& b = after.impl();
    if (depth < way_.size()) return holds_but_one(before, after, depth);
    const bool same_text = a.text == b.text || (!ended_ && a.quoted && a.text + "\n" == b.text);
    return a.kind == b.kind && a.quoted == b.quoted && same_text &&
           std::ranges::equal(a.items, b.items, [&](const Node& x, const Node& y) { return holds(x, y, depth); }) &&
           std::ranges::equal(a.members, b.members, [&](const auto& x, const auto& y) {
             return x.first == y.first && holds(x.second, y.second, depth);
           });
  }

 private:
  bool holds_but_one(const Node& before, const Node& after, std::size_t depth) const {
    const std::string_view edited = way_[depth];
    std::vector<std::pair<std::string, Node>> old = before.impl().members;
    std::vector<std::pair<std::string, Node>> now = after.impl().members;
    const auto is_edited = [&](const auto& member) { return member.first == edited; };
    if (depth + 1 < way_.size()) {
      const std::optional<Node> old_child = before.impl().kind == Kind::kMapping ? before.find(edited) : std::nullopt;
      if (old_child && !holds(*old_child, after.at(edited), depth + 1)) return false;
      if (!old_child && after.at(edited).members().size() != 1) return false;
    }
    std::erase_if(old, is_edited);
    std::erase_if(now, is_edited);
    return std::ranges::equal(old, now, [&](const auto& x, const auto& y) {
      return x.first == y.first && holds(x.second, y.second, way_.size());
    });
  }

  std::vector<std::string_view> way_;
  bool ended_;
};

void require_only_edited(const Node& before, const Node& after, std::vector<std::string_view> way, bool ended,
                         std::string_view text) {
  Node value = after;
  for (const std::string_view key : way) value = value.at(key);
  if (value.kind() != Kind::kScalar || value.text() != text || !Comparison(way, ended).holds(before, after))
    throw Error(Fault::kInternal, "{}: writing the value changed more or less than it, line {}", value.where(),
                value.line());
}

// The lines of a literal block scalar, ready to be indented.
class Literal {
 public:
  explicit Literal(const std::vector<std::string>& lines) : lines_(lines) {
    for (std::string& line : lines_) {
      if (line.find_first_of("\r\n") != std::string::npos)
        throw Error(Fault::kInput, "a line of a block scalar holds a line end: `{}`",
                    line.substr(0, line.find_first_of("\r\n")));
      line.erase(line.find_last_not_of(" \t") + 1);
    }
    while (!lines_.empty() && lines_.back().empty()) lines_.pop_back();
  }

  std::string text() const {
    std::string text;
    for (const std::string& line : lines_) text += line + "\n";
    return text;
  }

  // YAML 1.2.2 section 8.1.1.1: without an indicator the first line that is not empty says how far the lines are
  // indented.
  std::string header(std::size_t extra) const { return needs_indicator() ? "|" + std::to_string(extra) : "|"; }

  bool needs_indicator() const {
    const auto first = std::ranges::find_if(lines_, [](const std::string& line) { return !line.empty(); });
    return first != lines_.end() && (first->front() == ' ' || first->front() == '\t');
  }

  std::string body(std::size_t indentation, std::string_view end) const {
    std::string body;
    for (const std::string& line : lines_) {
      if (!line.empty()) body.append(indentation, ' ').append(line);
      body.append(end);
    }
    return body;
  }

 private:
  std::vector<std::string> lines_;
};

// Comment lines that follow must be indented less than the literal's lines, or they would become part of it.
std::size_t indentation_before(std::string_view rest, std::size_t wanted) {
  for (std::size_t at = 0; at < rest.size(); at = line_end(rest, at)) {
    const std::string_view line = rest.substr(at, line_end(rest, at) - at);
    const std::size_t first = line.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) continue;
    if (line[first] != '#') break;
    wanted = std::max(wanted, first + 1);
  }
  return wanted;
}

// What goes between `before`, which ends in the key and its colon, and `rest`: ` |`, what was left on the key's line,
// lines.
struct Seam {
  std::string before;
  std::string tail;  // of the key's line, its comment and line end
  std::string rest;
  std::size_t outside = 0;      // the indentation of the key
  std::size_t indentation = 0;  // of the literal's lines
};

std::string with_end(std::string_view text, std::string_view end) {
  std::string ended(text);
  if (!ended.ends_with('\n')) ended += end;
  return ended;
}

std::string sewn(const Seam& seam, const Literal& literal, std::string_view end) {
  if (literal.text().empty()) return seam.before + " \"\"" + with_end(seam.tail, end) + seam.rest;
  std::size_t indentation = indentation_before(seam.rest, seam.indentation);
  if (literal.needs_indicator()) indentation = std::min(indentation, seam.outside + kIndicatorLimit);
  std::string text = seam.before + " " + literal.header(indentation - seam.outside) + seam.tail;
  if (!seam.tail.ends_with('\n')) text += end;
  return text + literal.body(indentation, end) + seam.rest;
}

Seam seam_of_value(std::string_view text, const Node& member, std::string_view key) {
  const std::size_t colon = end_of_key(member.impl().key_begin, key, text);
  const std::size_t key_end = line_end(text, colon);
  const std::size_t begin = member.impl().key_begin;
  Seam seam;
  seam.before = text.substr(0, colon);
  seam.outside = begin - line_begin(text, begin);
  seam.indentation = seam.outside + kIndentation;
  if (!is_written(member, text)) {
    seam.tail = text.substr(colon, key_end - colon);
    seam.rest = text.substr(key_end);
    return seam;
  }
  const std::size_t end = end_of(member, text);
  std::size_t tail = colon;
  if (const std::optional<BlockScalar> block = block_scalar(member, text)) {
    tail = block->header_end;
    if (block->indentation > seam.outside) seam.indentation = block->indentation;
  } else if (member.impl().begin < key_end) {
    tail = end;
  }
  seam.tail = text.substr(tail, line_end(text, tail) - tail);
  seam.rest = text.substr(line_end(text, end));
  return seam;
}

// A new member as the first one of a mapping whose key stands in the line before `at`.
Seam seam_of_member(std::string_view before, std::string_view rest, std::size_t outside, std::string_view key,
                    std::string_view end) {
  Seam seam;
  seam.before = with_end(before, end) + std::string(outside, ' ') + std::string(key) + ":";
  seam.tail = end;
  seam.rest = rest;
  seam.outside = outside;
  seam.indentation = outside + kIndentation;
  return seam;
}

// YAML 1.2.2 section 9.1.2: a line `...` ends the document; nothing may be written behind it.
std::size_t document_end(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); at = line_end(text, at)) {
    const std::string_view line = text.substr(at, line_end(text, at) - at);
    if (line.starts_with("...") && (line.size() == 3 || std::isspace(static_cast<unsigned char>(line[3])))) return at;
  }
  return text.size();
}

Seam seam_of_block(std::string_view text, const Node& root, std::string_view parent, std::string_view child,
                   std::string_view end) {
  const std::optional<Node> mapping = root.find(parent);
  if (!mapping) {
    const std::size_t last = document_end(text);
    const std::string before = with_end(text.substr(0, last), end) + std::string(parent) + ":" + std::string(end);
    return seam_of_member(before, text.substr(last), kIndentation, child, end);
  }
  require_at_line_start(*mapping, parent, text);
  const Node::Impl& impl = mapping->impl();
  const std::size_t colon = end_of_key(impl.key_begin, parent, text);
  const std::size_t key_end = line_end(text, colon);
  if (impl.kind == Kind::kMapping && !impl.flow) {
    if (const std::optional<Node> old = mapping->find(child)) return seam_of_value(text, *old, child);
    const std::size_t first = impl.members.front().second.impl().key_begin;
    return seam_of_member(text.substr(0, key_end), text.substr(key_end), first - line_begin(text, first), child, end);
  }
  const bool empty = impl.kind == Kind::kNull || (impl.kind == Kind::kMapping && impl.members.empty());
  const std::size_t value_end = is_written(*mapping, text) && empty ? end_of(*mapping, text) : colon;
  if (!empty || value_end > key_end)
    throw Error(Fault::kInput, "{} is not written as a block mapping, line {}", mapping->where(), mapping->line())
        .hint(fmt::format("write one `key: value` per line below `{}:`", parent));
  const std::string before =
      std::string(text.substr(0, colon)) + std::string(text.substr(value_end, key_end - value_end));
  return seam_of_member(before, text.substr(key_end), kIndentation, child, end);
}

void require_plain(std::string_view key, std::string_view value, std::string_view name) {
  if (!is_plain(value))
    throw Error(Fault::kInput, "`{}` cannot be the `{}` of {}: wanted letters, digits and ._+-/@~", value, key, name);
}

// Another value for the scalar at the end of `way`, in the quotes that it has.
std::string with_scalar(std::string_view text, const Node& root, const Node& member,
                        const std::vector<std::string_view>& way, std::string_view value, std::string_view name) {
  if (member.kind() != Kind::kScalar)
    throw Error(Fault::kInput, "{} is not a scalar, line {}", member.where(), member.impl().key_line);
  const std::size_t begin = member.impl().begin;
  const std::size_t end = end_of(member, text);
  if (block_scalar(member, text) || text.substr(begin, end - begin).find('\n') != std::string_view::npos)
    throw Error(Fault::kInput, "{} is written over several lines, wanted one, line {}", member.where(), member.line());
  const std::size_t quote = member.quoted() ? 1 : 0;
  std::string edited(text.substr(0, begin + quote));
  edited.append(value).append(text.substr(end - quote));
  const Node after = parse(edited, name);
  Node written = after;
  for (const std::string_view key : way) written = written.at(key);
  if (written.kind() != Kind::kScalar)
    throw Error(Fault::kInput, "`{}` cannot be the `{}` of {}: a reader takes it for nothing", value, way.back(), name);
  require_only_edited(root, after, way, true, value);
  return edited;
}

}  // namespace

std::string splice_scalar(std::string_view text, std::string_view key, std::string_view value, std::string_view name) {
  require_plain(key, value, name);
  const Node root = top_level(text, name);
  const Node member = root.at(key);
  require_at_line_start(member, key, text);
  return with_scalar(text, root, member, {key}, value, name);
}

std::string splice_member(std::string_view text, std::string_view parent, std::string_view child,
                          std::string_view value, std::string_view name) {
  require_plain(child, value, name);
  const Node root = top_level(text, name);
  return with_scalar(text, root, root.at(parent).at(child), {parent, child}, value, name);
}

std::string splice_block(std::string_view text, std::string_view parent, std::string_view child,
                         const std::vector<std::string>& lines, std::string_view name) {
  for (const std::string_view key : {parent, child})
    if (!is_plain(key)) throw Error(Fault::kInput, "`{}` is not a plain key for {}", key, name);
  const Node root = top_level(text, name);
  const Literal literal(lines);
  const std::string_view end = usual_line_end(text);
  const std::string edited = sewn(seam_of_block(text, root, parent, child, end), literal, end);
  require_only_edited(root, parse(edited, name), {parent, child}, text.ends_with('\n'), literal.text());
  return edited;
}

}  // namespace waybill::yaml
