#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/intoto/statement.h"
#include "core/sigstore/verify.h"

namespace waybill::sigstore {

// What a caller wants of who signed, and of what; an empty text is not asked for. Every comparison is literal and of
// the whole value: a prefix, a pattern or another case never matches.
struct Requirements {
  std::string identity;         // the whole subject alternative name
  std::string issuer;           // of the identity token
  std::string repository;       // https://SERVER/OWNER/NAME
  std::string owner;            // https://SERVER/OWNER
  std::string signer_workflow;  // https://SERVER/OWNER/NAME/PATH: the subject before its last `@`
  std::string signer_ref;       // the subject after its last `@`
  std::string signer_digest;
  std::string source_ref;
  std::string source_digest;
  std::string event;
  std::string runner;
  std::string predicate_type;
};

// What is not as required, one sentence each naming both values.
std::vector<std::string> unmet(const Requirements& requirements, const Identity& identity,
                               const std::optional<intoto::Statement>& statement);

}  // namespace waybill::sigstore
