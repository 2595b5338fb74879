#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace waybill::sandbox {

// The `${{ … }}` that the sandbox's runner understands: names to look up, and `||` between them for the first that is
// not empty. No other operators, no functions.

// A literal, or exactly one whole expression of the subset; anything else is Fault::kInput naming `where`.
void require_value(std::string_view text, std::string_view where);
// The same, but expressions may stand anywhere in the text, and `github.ref` and `github.workflow` are names as well.
void require_text(std::string_view text, std::string_view where);

// The text with every expression replaced by what `value_of` says of its name.
std::string evaluate(std::string_view text, const std::function<std::string(std::string_view)>& value_of);

}  // namespace waybill::sandbox
