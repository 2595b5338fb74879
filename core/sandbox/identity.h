#pragma once

#include "core/base/json.h"
#include "core/git/repository.h"
#include "core/sandbox/forge.h"

namespace waybill::sandbox {

// Who a token's holder is to git: the login, and the e-mail address that leads back to it.
git::Signature own_signature(Forge& forge, const Token& token);
// What merges and other commits of the forge's own are committed by: GitHub <noreply@github.com>.
git::Signature forge_signature(const Forge& forge);
// `{name, email, date?}` of a request; 422 when it is not.
git::Signature given_signature(const Forge& forge, const Json& person);
// The account behind a token, made known if it is not.
Account holder(Forge& forge, const Token& token);

}  // namespace waybill::sandbox
