#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cctype>
#include <sstream>
#include <unordered_map>

#include "core/base/error.h"
#include "core/yaml/impl.h"

namespace waybill::yaml {
namespace {

constexpr std::size_t kKeyLimit = 1024;  // YAML 1.2.2 section 7.4: implicit keys have at most 1024 characters

std::string step(const std::string& key) {
  const bool plain = std::ranges::all_of(key, [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; });
  return plain ? "." + key : "[\"" + key + "\"]";
}

// Builds the tree from the parser's events: an alias is an event like any other and refused before it means anything.
class Builder final : public YAML::EventHandler {
 public:
  Builder(std::string_view text, std::string_view name, const Limits& limits)
      : text_(text), name_(name), limits_(limits), bom_(text.starts_with("\xef\xbb\xbf") ? 3 : 0) {}

  std::shared_ptr<const Node::Impl> take_root() { return std::move(root_); }

  bool is_whole() const { return root_ != nullptr && open_.empty(); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (root_) refuse(line_of(mark), "a second document, wanted one");
  }

  void OnDocumentEnd() override {}

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(line_of(mark), "an alias (`*`), which is not read: write the value out");
  }

  void OnAnchor(const YAML::Mark& mark, const std::string& anchor) override {
    refuse(line_of(mark), fmt::format("an anchor (`&{}`), which is not read: write the value out", anchor));
  }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    if (expects_key()) refuse(line_of(mark), "a key that is empty");
    const std::shared_ptr<Node::Impl> node = begin(Kind::kNull, mark);
    if (!open_.empty() && open_.back().node->flow && !open_.back().key && !is_written(Node(node), text_))
      refuse(line_of(mark), "nothing between two commas");
    // An absent value is reported where the next token stands.
    if (!open_.empty() && open_.back().node->kind == Kind::kMapping) node->line = node->key_line;
    add(node);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& value) override {
    refuse_tag(mark, tag);
    if (expects_key()) {
      take_key(mark, value);
      return;
    }
    const std::shared_ptr<Node::Impl> node = begin(Kind::kScalar, mark);
    require_deeper(*node, mark);
    node->quoted = tag == "!";
    if (node->quoted && !is_closed(*node)) refuse(node->line, "a quote that is not closed");
    node->text = value;
    if (is_folded_into_blanks(node))
      refuse(line_of(mark), "a folded text whose last line holds blanks alone and does not end");
    add(node);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value style) override {
    open(Kind::kSequence, mark, tag, style);
  }

  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value style) override {
    open(Kind::kMapping, mark, tag, style);
  }

  void OnMapEnd() override { close(); }

  [[noreturn]] void refuse(std::size_t line, std::string_view what, std::string hint = {}) const {
    if (hint.empty()) hint = fmt::format("correct line {} of {}", line, name_);
    throw Error(Fault::kInput, "{}, line {}: {}", name_, line, what).hint(std::move(hint));
  }

  static std::size_t line_of(const YAML::Mark& mark) { return static_cast<std::size_t>(mark.line) + 1; }

  // Blanks up to the first character of the mark's line that hold a tab: some readers count it, some refuse it.
  bool is_behind_tab(const YAML::Mark& mark) {
    if (mark.line == tabs_line_) return tabs_;
    tabs_line_ = mark.line;
    const std::string_view line =
        text_.substr(std::min(offset_of(mark), text_.size()) - static_cast<std::size_t>(mark.column));
    return tabs_ = line.substr(0, line.find_first_not_of(" \t")).find('\t') != std::string_view::npos;
  }

 private:
  struct Open {
    std::shared_ptr<Node::Impl> node;
    std::optional<std::string> key = std::nullopt;
    std::size_t key_line = 0;
    std::size_t key_begin = 0;
    std::unordered_map<std::string, std::size_t> lines = {};  // of the keys so far
  };

  bool expects_key() const { return !open_.empty() && open_.back().node->kind == Kind::kMapping && !open_.back().key; }

  // YAML 1.2.2 section 8.2.2: only a block sequence may stand as deep as the key it belongs to.
  void require_deeper(const Node::Impl& node, const YAML::Mark& mark) const {
    if (node.line == node.key_line || node.key_line == 0 || open_.back().node->flow) return;
    const std::size_t depth = node.key_begin - std::max(line_begin(text_, node.key_begin), bom_);
    if (static_cast<std::size_t>(mark.column) <= depth) refuse(node.line, "a value that is not indented below its key");
  }

  // yaml-cpp takes the end of the text for the closing quote.
  bool is_closed(const Node::Impl& node) const {
    const char quote = text_[node.begin];
    return (quote != '"' && quote != '\'') || end_of_quotes(node.begin, text_) != std::string_view::npos;
  }

  // yaml-cpp takes blanks behind the last line feed of a folded scalar for one more of its lines, other readers do not.
  bool is_folded_into_blanks(const std::shared_ptr<const Node::Impl>& node) const {
    if (text_.ends_with('\n') || text_[node->begin] != '>' || !node->text.ends_with(' ')) return false;
    const std::optional<BlockScalar> block = block_scalar(Node(node), text_);
    return block && block->end < text_.size() &&
           text_.find_first_not_of(" \t\r\n", block->end) == std::string_view::npos;
  }

  std::size_t offset_of(const YAML::Mark& mark) const { return static_cast<std::size_t>(mark.pos) + bom_; }

  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    const std::size_t at = offset_of(mark);
    if ((tag != "?" && tag != "!") || (at < text_.size() && text_[at] == '!'))
      refuse(line_of(mark), "a tag (`!`), which is not read");
    if (is_behind_tab(mark)) refuse(line_of(mark), "a tab in the indentation, wanted spaces");
  }

  std::shared_ptr<Node::Impl> begin(Kind kind, const YAML::Mark& mark) {
    if (++nodes_ > limits_.nodes) refuse(line_of(mark), fmt::format("more than {} values", limits_.nodes));
    if (open_.size() >= limits_.depth) refuse(line_of(mark), fmt::format("more than {} levels", limits_.depth));
    auto node = std::make_shared<Node::Impl>();
    node->kind = kind;
    node->line = line_of(mark);
    node->begin = offset_of(mark);
    if (open_.empty()) {
      node->path = std::make_shared<Path>(Path{nullptr, name_});
    } else {
      const Open& parent = open_.back();
      node->key_line = parent.key_line;
      node->key_begin = parent.key_begin;
      node->path = std::make_shared<Path>(
          Path{parent.node->path, parent.key ? step(*parent.key) : fmt::format("[{}]", parent.node->items.size())});
    }
    return node;
  }

  void open(Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::EmitterStyle::value style) {
    refuse_tag(mark, tag);
    if (expects_key()) refuse(line_of(mark), "a key that is no scalar");
    const std::shared_ptr<Node::Impl> node = begin(kind, mark);
    node->flow = style == YAML::EmitterStyle::Flow;
    if (kind != Kind::kSequence || node->flow) require_deeper(*node, mark);
    open_.push_back({node});
  }

  void close() {
    const std::shared_ptr<Node::Impl> node = open_.back().node;
    open_.pop_back();
    add(node);
  }

  void take_key(const YAML::Mark& mark, const std::string& key) {
    Open& mapping = open_.back();
    if (key == "<<") refuse(line_of(mark), "a merge key (`<<`), which is not read: write the members out");
    if (key.size() > kKeyLimit) refuse(line_of(mark), fmt::format("a key of more than {} bytes", kKeyLimit));
    // yaml-cpp takes a line of text for a key without a value.
    if (end_of_key(offset_of(mark), key, text_) == std::string_view::npos)
      refuse(line_of(mark), fmt::format("`{}` without a colon, wanted `key: value`", key));
    const auto [first, added] = mapping.lines.try_emplace(key, line_of(mark));
    if (!added)
      refuse(line_of(mark), fmt::format("key `{}` stands here and in line {}, wanted once", key, first->second),
             fmt::format("remove line {} or line {} of {}", first->second, line_of(mark), name_));
    mapping.key = key;
    mapping.key_line = line_of(mark);
    mapping.key_begin = offset_of(mark);
  }

  void add(std::shared_ptr<const Node::Impl> node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node->kind == Kind::kSequence) {
      parent.node->items.emplace_back(std::move(node));
    } else {
      parent.node->members.emplace_back(*std::exchange(parent.key, std::nullopt), Node(std::move(node)));
    }
  }

  std::string_view text_;
  std::string name_;
  Limits limits_;
  std::size_t bom_;
  std::size_t nodes_ = 0;
  int tabs_line_ = -1;
  bool tabs_ = false;
  std::vector<Open> open_;
  std::shared_ptr<const Node::Impl> root_;
};

}  // namespace

Node parse(std::string_view text, std::string_view name, const Limits& limits) {
  check_text(text, name, limits);
  Builder builder(text, name, limits);
  std::istringstream in{std::string(text)};
  try {
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    const std::size_t line = error.mark.is_null() ? 1 : Builder::line_of(error.mark);
    if (!error.mark.is_null() && builder.is_behind_tab(error.mark))
      builder.refuse(line, "a tab in the indentation, wanted spaces");
    builder.refuse(line, error.msg);
  }
  if (!builder.is_whole()) throw Error(Fault::kInput, "{} is empty, wanted a YAML document", name);
  return Node(builder.take_root());
}

}  // namespace waybill::yaml
