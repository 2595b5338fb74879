#include "core/yaml/document.h"

#include <algorithm>
#include <charconv>

#include "core/base/error.h"
#include "core/yaml/impl.h"

namespace waybill::yaml {
namespace {

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::kNull:
      return "nothing";
    case Kind::kScalar:
      return "a scalar";
    case Kind::kSequence:
      return "a sequence";
    case Kind::kMapping:
      return "a mapping";
  }
  return "";
}

void require(const Node::Impl& node, Kind wanted) {
  if (node.kind != wanted)
    throw Error(Fault::kInput, "{} is {}, wanted {}, line {}", node.where(), kind_name(node.kind), kind_name(wanted),
                node.line);
}

}  // namespace

const std::string& Node::Impl::where() const {
  std::call_once(spelled_, [this] {
    std::vector<const Path*> way;
    for (const Path* step = path.get(); step != nullptr; step = step->parent.get()) way.push_back(step);
    for (auto step = way.rbegin(); step != way.rend(); ++step) {
      std::string_view part = (*step)->text;
      if (step == way.rbegin() + 1) {
        where_ += ": ";
        if (part.starts_with('.')) part.remove_prefix(1);
      }
      where_ += part;
    }
  });
  return where_;
}

Kind Node::kind() const {
  return impl_->kind;
}

bool Node::quoted() const {
  return impl_->quoted;
}

std::size_t Node::line() const {
  return impl_->line;
}

const std::string& Node::where() const {
  return impl_->where();
}

const std::string& Node::text() const {
  require(*impl_, Kind::kScalar);
  return impl_->text;
}

bool Node::as_boolean() const {
  if (!quoted() && (text() == "true" || text() == "false")) return text() == "true";
  throw Error(Fault::kInput, "{} is `{}`{}, wanted true or false, line {}", where(), text(),
              quoted() ? " in quotes" : "", line());
}

long Node::as_integer() const {
  const std::string& digits = text();
  long value = 0;
  const char* const last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, value);
  const bool canonical = error == std::errc() && end == last && std::to_string(value) == digits;
  if (!quoted() && canonical) return value;
  throw Error(Fault::kInput, "{} is `{}`{}, wanted a whole number, line {}", where(), digits,
              quoted() ? " in quotes" : "", line());
}

std::vector<std::string> Node::texts() const {
  std::vector<std::string> texts;
  for (const Node& item : items()) texts.push_back(item.text());
  return texts;
}

const std::vector<Node>& Node::items() const {
  require(*impl_, Kind::kSequence);
  return impl_->items;
}

const std::vector<std::pair<std::string, Node>>& Node::members() const {
  require(*impl_, Kind::kMapping);
  return impl_->members;
}

std::optional<Node> Node::find(std::string_view key) const {
  const auto found = std::ranges::find(members(), key, &std::pair<std::string, Node>::first);
  if (found == members().end()) return std::nullopt;
  return found->second;
}

Node Node::at(std::string_view key) const {
  if (std::optional<Node> member = find(key)) return *std::move(member);
  throw Error(Fault::kInput, "`{}` is missing in {}, line {}", key, where(), line());
}

void Node::require_only(const std::vector<std::string_view>& allowed) const {
  std::string unknown;
  for (const auto& [key, value] : members())
    if (std::ranges::find(allowed, key) == allowed.end())
      unknown += fmt::format("{}`{}` (line {})", unknown.empty() ? "" : ", ", key, value.impl().key_line);
  if (unknown.empty()) return;
  std::string known;
  for (const std::string_view key : allowed) known.append(known.empty() ? "" : ", ").append(key);
  throw Error(Fault::kInput, "{} has keys nobody knows: {}", where(), unknown).hint("known keys: " + known);
}

}  // namespace waybill::yaml
