#include "core/sandbox/run_expression.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/base/error.h"

namespace waybill::sandbox {
namespace {

constexpr std::string_view kOpen = "${{";
constexpr std::string_view kClose = "}}";
constexpr std::array<std::string_view, 2> kNames = {"github.token", "github.event.pull_request.number"};
constexpr std::array<std::string_view, 2> kNamesInText = {"github.ref", "github.workflow"};
constexpr std::array<std::string_view, 3> kFamilies = {"secrets.", "vars.", "inputs."};

struct Expression {
  std::size_t begin;      // of `${{`
  std::size_t end;        // behind `}}`
  std::string_view text;  // between the two
};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::optional<Expression> next(std::string_view text, std::size_t from) {
  const std::size_t begin = text.find(kOpen, from);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t close = text.find(kClose, begin);
  if (close == std::string_view::npos) throw Error(Fault::kInput, "`{}` has a `${{{{` without its `}}}}`", text);
  return Expression{begin, close + kClose.size(),
                    trimmed(text.substr(begin + kOpen.size(), close - begin - kOpen.size()))};
}

bool is_identifier(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return !text.empty() && std::ranges::all_of(text, allowed);
}

// Each name of an expression, in order, until one is true.
bool any_name(std::string_view expression, const std::function<bool(std::string_view)>& is) {
  constexpr std::string_view kOr = "||";
  for (;;) {
    const std::size_t end = expression.find(kOr);
    if (is(trimmed(expression.substr(0, end)))) return true;
    if (end == std::string_view::npos) return false;
    expression.remove_prefix(end + kOr.size());
  }
}

bool is_known(std::string_view name) {
  return std::ranges::find(kNames, name) != kNames.end() ||
         std::ranges::any_of(kFamilies, [&](std::string_view family) {
           return name.starts_with(family) && is_identifier(name.substr(family.size()));
         });
}

void require_known(std::string_view expression, std::string_view where, bool in_text) {
  const auto is_foreign = [in_text](std::string_view name) {
    return !is_known(name) && !(in_text && std::ranges::find(kNamesInText, name) != kNamesInText.end());
  };
  if (!any_name(expression, is_foreign)) return;
  throw Error(Fault::kInput, "{}: `${{{{ {} }}}}` is not in the subset that the sandbox runs", where, expression);
}

}  // namespace

void require_value(std::string_view text, std::string_view where) {
  const auto expression = next(text, 0);
  if (!expression) return;
  require_known(expression->text, where, false);
  if (trimmed(text).size() != expression->end - expression->begin)
    throw Error(Fault::kInput, "{}: an expression inside of other text is not in the subset that the sandbox runs",
                where);
}

void require_text(std::string_view text, std::string_view where) {
  for (auto expression = next(text, 0); expression; expression = next(text, expression->end))
    require_known(expression->text, where, true);
}

std::string evaluate(std::string_view text, const std::function<std::string(std::string_view)>& value_of) {
  std::string result;
  std::size_t done = 0;
  for (auto expression = next(text, 0); expression; expression = next(text, done)) {
    std::string value;
    any_name(expression->text, [&](std::string_view name) { return !(value = value_of(name)).empty(); });
    result.append(text.substr(done, expression->begin - done)).append(value);
    done = expression->end;
  }
  return result.append(text.substr(done));
}

}  // namespace waybill::sandbox
