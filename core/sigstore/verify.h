#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/crypto/key.h"
#include "core/intoto/statement.h"
#include "core/sigstore/artifact.h"
#include "core/sigstore/bundle.h"
#include "core/sigstore/trusted_root.h"

namespace waybill::sigstore {

// What a verified leaf certificate says about the run that signed; names after Fulcio's oid-info (extension number).
struct Identity {
  std::string subject;         // subject alternative name
  std::string issuer;          // .8
  std::string signer_uri;      // .9
  std::string signer_digest;   // .10
  std::string runner;          // .11
  std::string repository_uri;  // .12
  std::string source_digest;   // .13
  std::string source_ref;      // .14
  std::string repository_id;   // .15
  std::string owner_uri;       // .16
  std::string owner_id;        // .17
  std::string config_uri;      // .18
  std::string config_digest;   // .19
  std::string trigger;         // .20
  std::string invocation;      // .21
  std::string visibility;      // .22
  std::string environment;     // .23
};

// A statement whose signature, certificate, log entry and time all held. Made by Verifier alone.
class VerifiedStatement {
 public:
  const intoto::Statement& statement() const { return statement_; }

  const Identity& identity() const { return identity_; }

  Time time() const { return time_; }  // the earliest trusted time

  const Digest& link() const { return link_; }

 private:
  friend class Verifier;
  VerifiedStatement(intoto::Statement statement, Identity identity, Time time, Digest link);
  intoto::Statement statement_;
  Identity identity_;
  Time time_;
  Digest link_;
};

// Everything that was found wrong, none hidden by the first; `statement` only when nothing was.
struct Verdict {
  std::vector<std::string> failures;
  std::optional<VerifiedStatement> statement;
};

// An artifact whose signature held, with everything around it. Made by Verifier alone.
class VerifiedArtifact {
 public:
  const Digest& digest() const { return digest_; }  // what was signed, or a subject of the statement that was

  const std::optional<Identity>& identity() const { return identity_; }  // none: by the managed key

  const std::optional<intoto::Statement>& statement() const { return statement_; }  // none: a message

  Time time() const { return time_; }  // the earliest trusted time

  // Raw; tells one signing from another, as everything around it in a bundle can be written anew by anybody.
  const std::string& signature() const { return signature_; }

 private:
  friend class Verifier;
  VerifiedArtifact(Digest digest, std::string signature, Time time)
      : digest_(std::move(digest)), signature_(std::move(signature)), time_(time) {}
  Digest digest_;
  std::string signature_;
  std::optional<Identity> identity_;
  std::optional<intoto::Statement> statement_;
  Time time_;
};

struct ArtifactVerdict {
  std::vector<std::string> failures;
  std::optional<VerifiedArtifact> artifact;
};

// Checks bundles against one trusted root by the client specification: certificate path at every trusted time, SCT,
// timestamps, log entries (SET, inclusion, checkpoint, body equal to the bundle), signature, statement. A root with
// logs demands a log entry, one with certificate logs an SCT; a timestamp or a SET's time is always demanded. That the
// signer is one to be trusted is the caller's question.
class Verifier {
 public:
  explicit Verifier(TrustedRoot root) : root_(std::move(root)) {}

  // An in-toto statement signed keylessly.
  Verdict verify(const Bundle& bundle) const;
  // A message signature over the artifact or a statement with it as a subject; signed keylessly, or, when `key` is
  // given, with that key and no other.
  ArtifactVerdict verify(const Bundle& bundle, const Artifact& artifact,
                         const std::optional<crypto::PublicKey>& key = std::nullopt) const;

  const TrustedRoot& root() const { return root_; }

 private:
  TrustedRoot root_;
};

}  // namespace waybill::sigstore
