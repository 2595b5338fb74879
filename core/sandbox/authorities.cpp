#include "core/sandbox/authorities.h"

#include "core/base/encoding.h"
#include "core/base/file.h"
#include "core/crypto/hash.h"
#include "core/sandbox/api.h"
#include "core/sandbox/authority.h"

namespace waybill::sandbox {
namespace {

constexpr std::size_t kPemLimit = 64 * 1024;

Json from_the_start() {
  return {{"start", kTrustedFrom}};
}

Json chain_of(const std::vector<crypto::Certificate>& chain) {
  Json certificates = Json::array();
  for (const auto& certificate : chain) certificates.push_back({{"rawBytes", to_base64(certificate.der())}});
  return {{"certificates", certificates}};
}

Json authority(const std::string& name, const std::string& url, const std::vector<crypto::Certificate>& chain) {
  return {{"subject", {{"organization", kOrganisation}, {"commonName", name}}},
          {"uri", url},
          {"certChain", chain_of(chain)},
          {"validFor", from_the_start()}};
}

Json log(const std::string& url, const crypto::PublicKey& key) {
  const std::string der = key.der();
  return {{"baseUrl", url},
          {"hashAlgorithm", "SHA2_256"},
          {"publicKey",
           {{"rawBytes", to_base64(der)}, {"keyDetails", "PKIX_ECDSA_P256_SHA_256"}, {"validFor", from_the_start()}}},
          {"logId", {{"keyId", to_base64(crypto::sha256(der).bytes())}}}};
}

Json service(const std::string& url) {
  return Json::array(
      {{{"url", url}, {"majorApiVersion", 1}, {"validFor", from_the_start()}, {"operator", kOrganisation}}});
}

std::string host_of(std::string_view url) {
  const std::size_t begin = url.find("://") + 3;
  return std::string(url.substr(begin, url.find_first_of(":/", begin) - begin));
}

}  // namespace

Safe::Safe(std::filesystem::path folder) : folder_(std::move(folder)) {
  std::filesystem::create_directories(folder_);
}

crypto::PrivateKey Safe::key(const std::string& name, const std::function<crypto::PrivateKey()>& make) const {
  const std::filesystem::path file = folder_ / (name + ".key.pem");
  if (std::filesystem::exists(file)) return crypto::PrivateKey::from_pem(read_file(file, kPemLimit));
  const crypto::PrivateKey key = make();
  write_file(file, key.pem());
  return key;
}

crypto::Certificate Safe::certificate(const std::string& name, const std::function<crypto::Certificate()>& make) const {
  const std::filesystem::path file = folder_ / (name + ".pem");
  if (std::filesystem::exists(file)) return crypto::Certificate::from_pem(read_file(file, kPemLimit));
  const crypto::Certificate certificate = make();
  write_file(file, certificate.pem());
  return certificate;
}

struct Authorities::Parts {
  Parts(const std::filesystem::path& state, const Clock& clock, std::string url)
      : base_url(std::move(url)),
        safe(state / "authorities"),
        issuer(safe, clock, base_url + "/oidc"),
        certificate_log(safe),
        certificates(safe, clock, issuer, certificate_log, base_url),
        timestamps(safe, clock),
        transparency(safe, clock, state / "authorities" / "log.jsonl", host_of(base_url)) {}

  std::string base_url;
  Safe safe;
  Issuer issuer;
  CertificateLog certificate_log;
  CertificateAuthority certificates;
  TimestampAuthority timestamps;
  TransparencyLog transparency;
};

Authorities::Authorities(std::filesystem::path state, const Clock& clock, std::string base_url)
    : parts_(std::make_unique<Parts>(state, clock, std::move(base_url))) {}

Authorities::~Authorities() = default;

void Authorities::install(HttpServer& server) {
  server.route("/oidc/", [parts = parts_.get()](const HttpRequest& request) { return parts->issuer.answer(request); });
  server.route("/fulcio/",
               [parts = parts_.get()](const HttpRequest& request) { return parts->certificates.answer(request); });
  server.route("/tsa/",
               [parts = parts_.get()](const HttpRequest& request) { return parts->timestamps.answer(request); });
  server.route("/rekor/",
               [parts = parts_.get()](const HttpRequest& request) { return parts->transparency.answer(request); });
  server.route("/trust/", [this](const HttpRequest& request) {
    if (request.path == "/trust/trusted_root.json")
      return HttpResponse{200, {{"Content-Type", "application/json"}}, trusted_root_json()};
    if (request.path == "/trust/signing_config.json")
      return HttpResponse{200, {{"Content-Type", "application/json"}}, signing_config_json()};
    return json_response(404, {{"message", "Not Found"}});
  });
}

std::string Authorities::request_token(const Run& run) {
  return parts_->issuer.admit(run);
}

void Authorities::forget(const std::string& request_token) {
  parts_->issuer.forget(request_token);
}

std::string Authorities::request_url(long run_id) const {
  return fmt::format("{}/token?run={}", parts_->issuer.url(), run_id);
}

std::string Authorities::trusted_root_json() const {
  const Parts& parts = *parts_;
  const std::string& base = parts.base_url;
  return canonical(
      {{"mediaType", "application/vnd.dev.sigstore.trustedroot+json;version=0.1"},
       {"tlogs", Json::array({log(base + "/rekor", parts.transparency.key())})},
       {"certificateAuthorities",
        Json::array({authority("waybill-sandbox certificates", base + "/fulcio", parts.certificates.chain())})},
       {"ctlogs", Json::array({log(base + "/ct", parts.certificate_log.key())})},
       {"timestampAuthorities",
        Json::array({authority("waybill-sandbox time", base + "/tsa/api/v1/timestamp", parts.timestamps.chain())})}});
}

std::string Authorities::signing_config_json() const {
  const std::string& base = parts_->base_url;
  return canonical({{"mediaType", "application/vnd.dev.sigstore.signingconfig.v0.2+json"},
                    {"caUrls", service(base + "/fulcio")},
                    {"oidcUrls", service(parts_->issuer.url())},
                    {"rekorTlogUrls", service(base + "/rekor")},
                    {"rekorTlogConfig", {{"selector", "ANY"}}},
                    {"tsaUrls", service(base + "/tsa/api/v1/timestamp")},
                    {"tsaConfig", {{"selector", "ANY"}}}});
}

}  // namespace waybill::sandbox
