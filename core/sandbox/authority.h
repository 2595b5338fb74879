#pragma once

// The parts of Authorities, for the authorit*.cpp files alone.

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/crypto/certificate.h"
#include "core/crypto/key.h"
#include "core/sandbox/event.h"
#include "core/sandbox/http_server.h"
#include "core/sandbox/merkle_tree.h"

namespace waybill::sandbox {

// What the authorities issue long-lived certificates for, and from when their keys are trusted: the sandbox's clock may
// stand anywhere in between.
inline constexpr std::string_view kTrustedFrom = "2020-01-01T00:00:00Z";
inline constexpr std::string_view kTrustedUntil = "2045-01-01T00:00:00Z";
inline constexpr std::string_view kOrganisation = "waybill-sandbox";

// Private keys and certificates by name, each made when it is first asked for.
class Safe {
 public:
  explicit Safe(std::filesystem::path folder);
  crypto::PrivateKey key(const std::string& name, const std::function<crypto::PrivateKey()>& make) const;
  crypto::Certificate certificate(const std::string& name, const std::function<crypto::Certificate()>& make) const;

 private:
  std::filesystem::path folder_;
};

// The OpenID Connect issuer of the runs, as GitHub's.
class Issuer {
 public:
  Issuer(const Safe& safe, const Clock& clock, std::string url);
  std::string admit(const Run& run);
  void forget(const std::string& request_token);
  HttpResponse answer(const HttpRequest& request) const;
  // The claims of one of its own tokens for `audience`; Fault::kUntrusted saying what is wrong with it.
  Json verified_claims(std::string_view token, std::string_view audience) const;

  const std::string& url() const { return url_; }

 private:
  HttpResponse token(const HttpRequest& request) const;
  Json claims(const Run& run, const std::string& audience) const;
  std::string signed_token(const Json& claims) const;

  const Clock& clock_;
  std::string url_;
  crypto::PrivateKey key_;
  std::string key_id_;
  mutable std::mutex mutex_;
  std::map<std::string, Run> admitted_;  // by request token
};

// A certificate transparency log that answers only the authority beside it.
class CertificateLog {
 public:
  explicit CertificateLog(const Safe& safe);
  // One signed certificate timestamp, TLS-encoded as a SignedCertificateTimestampList (RFC 6962 §3.3).
  std::string promise(std::string_view tbs, const crypto::Certificate& issuer, Time at) const;
  crypto::PublicKey key() const { return key_.public_key(); }

 private:
  crypto::PrivateKey key_;
};

// Certificates for runs, by Fulcio's v2 API.
class CertificateAuthority {
 public:
  CertificateAuthority(const Safe& safe, const Clock& clock, const Issuer& issuer, const CertificateLog& log,
                       std::string server_url);
  HttpResponse answer(const HttpRequest& request) const;
  std::vector<crypto::Certificate> chain() const { return {intermediate_, root_}; }

 private:
  HttpResponse sign(const HttpRequest& request) const;
  crypto::Certificate certify(const crypto::PublicKey& key, const Json& claims) const;

  const Clock& clock_;
  const Issuer& issuer_;
  const CertificateLog& log_;
  std::string server_url_;
  crypto::PrivateKey root_key_;
  crypto::Certificate root_;
  crypto::PrivateKey key_;
  crypto::Certificate intermediate_;
};

// RFC 3161 over HTTP, and the JSON form that Sigstore's authority takes.
class TimestampAuthority {
 public:
  TimestampAuthority(const Safe& safe, const Clock& clock);
  HttpResponse answer(const HttpRequest& request) const;
  std::vector<crypto::Certificate> chain() const { return {leaf_, root_}; }

 private:
  const Clock& clock_;
  crypto::PrivateKey root_key_;
  crypto::Certificate root_;
  crypto::PrivateKey key_;
  crypto::Certificate leaf_;
};

// A transparency log by Rekor's v1 API, kept in one append-only file.
class TransparencyLog {
 public:
  TransparencyLog(const Safe& safe, const Clock& clock, std::filesystem::path file, std::string host);
  HttpResponse answer(const HttpRequest& request);
  crypto::PublicKey key() const { return key_.public_key(); }

 private:
  struct Entry {
    std::string body;  // canonical JSON
    long integrated = 0;
  };
  HttpResponse add(const std::string& proposed);
  HttpResponse one(std::string_view uuid) const;
  void append(Entry entry);
  void record(Entry entry);
  std::string uuid(std::size_t index) const;
  Json described(std::size_t index) const;
  Json state() const;
  std::string checkpoint() const;

  const Clock& clock_;
  std::filesystem::path file_;
  crypto::PrivateKey key_;
  std::string key_digest_;  // raw sha256 of the public key
  std::string tree_;        // 16 hexadecimal digits
  std::string host_;
  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
  std::map<std::string, std::size_t, std::less<>> by_leaf_;  // hexadecimal leaf hash → index
  MerkleTree merkle_;
};

}  // namespace waybill::sandbox
