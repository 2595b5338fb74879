#include "core/base/encoding.h"
#include "core/forge/compressed.h"
#include "core/forge/exchange.h"
#include "core/forge/read.h"
#include "core/http/url.h"

namespace waybill::forge {
namespace {

constexpr std::size_t kMostBytesOfPage = 64 * 1024 * 1024;  // a hundred bundles of whatever size somebody stored

Json parsed(const std::string& text) {
  try {
    return parse_json(text, "attestation", {.bytes = kMostBytesOfBundle});
  } catch (const Error&) {
    return {};
  }
}

// A bundle lies on a host of the forge's choosing, which must not see the token.
Json fetch(const Exchange& api, const std::string& url) {
  http::Request request;
  request.url = url;
  request.headers["accept"] = "application/json, application/x-snappy";
  request.answer_limit = kMostBytesOfBundle;
  request.redirects = 3;
  for (int tries = 1;; ++tries) {
    std::optional<http::Response> response;
    try {
      response = api.http().send(request);
    } catch (const Error& error) {
      if (error.fault() != Fault::kRemote || tries == 4) throw;
    }
    if (response && response->status == 200) {
      const bool json =
          response->header("content-type").find("snappy") == std::string::npos && response->body.starts_with('{');
      const std::optional<std::string> text = json ? response->body : decompressed(response->body);
      return text ? parsed(*text) : Json();
    }
    if (response && (response->status < 500 || tries == 4))
      throw Error(Fault::kRemote, "attestation: {} answered {}", http::printable(url), response->status);
    api.wait(tries);
  }
}

// The digests that the signed statement names, as the store finds it.
std::vector<Digest> subjects(const Json& bundle) {
  const std::string payload =
      from_base64(string_member(member(bundle, "dsseEnvelope", "bundle"), "payload", "DSSE envelope"));
  const Json statement = parse_json(payload, "statement");
  std::vector<Digest> digests;
  for (const Json& subject : member(statement, "subject", "statement"))
    if (const std::string hex = text_or_empty(member(subject, "digest", "subject"), "sha256"); !hex.empty())
      digests.push_back(Digest::sha256(hex));
  return digests;
}

// Stores write bundles anew; what was signed and the signature stay.
bool same_envelope(const Json& a, const Json& b) {
  for (const char* part : {"/dsseEnvelope/payload", "/dsseEnvelope/signatures/0/sig"}) {
    const Json::json_pointer at(part);
    if (!a.contains(at) || !b.contains(at) || a.at(at) != b.at(at)) return false;
  }
  return true;
}

}  // namespace

std::vector<Json> Client::attestations(const Digest& subject) const {
  const Exchange api = this->api();
  const Call call{.path = api.repository_path("/attestations/" + subject.text() + "?per_page=100"),
                  .what = "attestations of " + subject.text(),
                  .permission = "attestations: read",
                  .limit = kMostBytesOfPage,
                  .absent_is_empty = true};
  std::vector<Json> bundles;
  for (const Json& item : api.list(call, "attestations")) {
    const auto bundle = item.find("bundle");
    if (bundle != item.end() && bundle->is_object())
      bundles.push_back(*bundle);
    else if (const std::string url = text_or_empty(item, "bundle_url"); !url.empty())
      bundles.push_back(fetch(api, url));
    else
      bundles.emplace_back();
  }
  return bundles;
}

std::int64_t Client::create_attestation(const Json& bundle) const {
  const Exchange api = this->api();
  const std::vector<Digest> digests = subjects(bundle);
  if (digests.empty()) throw Error(Fault::kInternal, "an attestation without a sha256 subject cannot be found again");
  const Call call{.method = "POST",
                  .path = api.repository_path("/attestations"),
                  .what = "attestation of " + digests.front().text(),
                  .permission = "attestations: write",
                  .body = Json{{"bundle", bundle}}};
  const auto read_id = [&](const Json& json) { return read_number(json, "id", call.what); };
  return api.create<std::int64_t>(call, read_id, [&]() -> std::optional<std::int64_t> {
    for (const Json& stored : attestations(digests.front()))
      if (same_envelope(stored, bundle)) return 0;
    return std::nullopt;
  });
}

}  // namespace waybill::forge
