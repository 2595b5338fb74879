#include <algorithm>
#include <span>

#include "core/base/encoding.h"
#include "core/forge/compressed.h"
#include "core/forge/exchange.h"
#include "core/forge/read.h"
#include "core/http/url.h"

namespace waybill::forge {
namespace {

constexpr std::size_t kMostBytesOfPage = 64 * 1024 * 1024;  // a hundred bundles of whatever size somebody stored
constexpr std::size_t kWorthABulkList = 3;
constexpr std::size_t kMostSubjects = 1024;
constexpr int kMostPages = 10;

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

// An attestation's bundle; null when there is none.
Json bundle_of(const Exchange& api, const Json& item) {
  const auto bundle = item.find("bundle");
  if (bundle != item.end() && bundle->is_object()) return *bundle;
  const std::string url = text_or_empty(item, "bundle_url");
  return url.empty() ? Json() : fetch(api, url);
}

using Listed = std::map<Digest, std::vector<Json>>;  // attestations by subject

void add_page(const Json& page, std::int64_t repository, Listed& listed) {
  for (const auto& [subject, items] : member(page, "attestations_subject_digests", "bulk list").items()) {
    if (items.is_null()) continue;
    if (!items.is_array()) throw Error(Fault::kInput, "bulk list: {} has no list", subject);
    for (const Json& item : items)
      if (read_number(item, "repository_id", "attestation") == repository)
        listed[Digest::parse(subject)].push_back(item);
  }
}

// Nothing when the forge does not say, or has more than is worth reading to the end.
std::optional<Listed> bulk_list(const Exchange& api, const RepositoryInfo& repository,
                                std::span<const Digest> subjects) {
  Json digests = Json::array();
  for (const Digest& subject : subjects) digests.push_back(subject.text());
  const std::string owner = repository.full_name.substr(0, repository.full_name.find('/'));
  const std::string path =
      fmt::format("/{}/{}/attestations/bulk-list?per_page=100",
                  repository.owner_type == "Organization" ? "orgs" : "users", percent_encode(owner));
  Call call{.method = "POST",
            .path = path,
            .what = fmt::format("attestations of {} subjects", subjects.size()),
            .permission = "attestations: read",
            .body = Json{{"subject_digests", digests}},
            .limit = kMostBytesOfPage,
            .repeatable = true};
  Listed listed;
  for (int page = 0; page < kMostPages; ++page) {
    const http::Response response = api.send(call);
    if (response.status != 200) return std::nullopt;
    const std::string next = api.read(call, response, [&](const Json& json) {
      add_page(json, repository.id, listed);
      const auto info = json.find("page_info");
      return info != json.end() && info->value("has_next", false) ? string_member(*info, "next", "bulk list") : "";
    });
    if (next.empty()) return listed;
    call.path = fmt::format("{}&after={}", path, percent_encode(next));
  }
  return std::nullopt;
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
  for (const Json& item : api.list(call, "attestations")) bundles.push_back(bundle_of(api, item));
  return bundles;
}

std::map<Digest, std::vector<Json>> Client::attestations(const std::vector<Digest>& subjects) const {
  const Exchange api = this->api();
  std::map<Digest, std::vector<Json>> found;
  if (subjects.size() >= kWorthABulkList) {
    const RepositoryInfo repository = this->repository();
    for (std::size_t at = 0; at < subjects.size(); at += kMostSubjects) {
      const auto listed =
          bulk_list(api, repository, std::span(subjects).subspan(at, std::min(kMostSubjects, subjects.size() - at)));
      if (!listed) break;
      for (const auto& [subject, items] : *listed)
        for (const Json& item : items) found[subject].push_back(bundle_of(api, item));
    }
  }
  for (const Digest& subject : subjects)
    if (!found.contains(subject)) found[subject] = attestations(subject);
  return found;
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
