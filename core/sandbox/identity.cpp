#include "core/sandbox/identity.h"

#include "core/sandbox/api.h"

namespace waybill::sandbox {

Account holder(Forge& forge, const Token& token) {
  return forge.account(token.login);
}

git::Signature own_signature(Forge& forge, const Token& token) {
  const Account account = holder(forge, token);
  return {account.login, forge.email(account), Time(forge.clock().now())};
}

git::Signature forge_signature(const Forge& forge) {
  return {"GitHub", "noreply@github.com", parse_rfc3339(forge.now())};
}

git::Signature given_signature(const Forge& forge, const Json& person) {
  const auto part = [&](const char* name) -> std::string {
    const bool given = person.is_object() && person.contains(name) && person[name].is_string();
    const std::string value = given ? person[name].get<std::string>() : std::string();
    if (value.empty() || value.find_first_of("<>\n") != std::string::npos)
      throw Refusal(422,
                    fmt::format("Invalid request.\n\n\"{}\" of a signature wasn't supplied or is malformed.", name));
    return value;
  };
  git::Signature signature{part("name"), part("email"), parse_rfc3339(forge.now())};
  if (person.contains("date")) {
    try {
      signature.time = parse_rfc3339(part("date"));
    } catch (const Refusal&) {
      throw;
    } catch (const Error&) {
      throw Refusal(422, "Invalid request.\n\n\"date\" is not a date-time.");
    }
  }
  return signature;
}

}  // namespace waybill::sandbox
