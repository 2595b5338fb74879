#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/intoto/statement.h"
#include "core/sigstore/rekor_entry.h"
#include "core/sigstore/verify.h"
#include "testing/virtual_sigstore.h"

namespace waybill::sigstore {

// A run of a workflow that signs one statement with a Sigstore of its own.
struct SignedRun {
  SignedRun();

  testing::VirtualSigstore sigstore;
  Identity identity;
  intoto::Statement statement;

  Bundle sign() { return sigstore.sign(statement, identity); }

  Verdict verify() { return verify(sign()); }

  Verdict verify(const Bundle& bundle) const { return Verifier(sigstore.trusted_root()).verify(bundle); }

  // The bundle with its JSON changed and read again.
  Bundle edited(const std::function<void(Json& bundle)>& edit);
};

// What a log is asked to record; refers to both.
SignedContent content_of(const Envelope& envelope, const crypto::Certificate& certificate);

// The one thing that is wrong says so: exactly one failure, with `text` in it.
void check_only_failure(const Verdict& verdict, std::string_view text);
// `text` is among what is wrong.
void check_failure(const Verdict& verdict, std::string_view text);

}  // namespace waybill::sigstore
