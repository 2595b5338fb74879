#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/digest.h"
#include "core/base/json.h"
#include "core/sandbox/http_server.h"
#include "core/sandbox/tokens.h"

namespace waybill::sandbox {

// An OCI registry (distribution specification 1.1) on a folder, referrers included. Anybody pulls; a push needs Basic
// credentials whose password is a token with `packages: write`, and a job's token pushes only below its repository's
// owner, as on GitHub's registry.
class RegistryServer {
 public:
  RegistryServer(const std::filesystem::path& state, const Tokens& tokens);
  // Serves /v2/.
  void install(HttpServer& server);
  HttpResponse answer(const HttpRequest& request);

 private:
  struct Target {
    std::string name;       // the repository
    std::string kind;       // blobs, uploads, manifests, tags, referrers
    std::string reference;  // digest, tag, session, "list"
  };
  static std::optional<Target> parse(std::string_view path);
  HttpResponse dispatch(const HttpRequest& request, const Target& target);
  std::optional<HttpResponse> refusal(const HttpRequest& request, const Target& target) const;

  HttpResponse blob(const HttpRequest& request, const Target& target) const;
  HttpResponse start_upload(const HttpRequest& request, const Target& target);
  HttpResponse continue_upload(const HttpRequest& request, const Target& target);
  HttpResponse finish_upload(const std::string& name, std::string_view digest, std::string_view content);
  HttpResponse manifest(const Target& target) const;
  HttpResponse put_manifest(const HttpRequest& request, const Target& target);
  HttpResponse tags(const HttpRequest& request, const Target& target) const;
  HttpResponse referrers(const HttpRequest& request, const Target& target) const;

  std::filesystem::path folder(const std::string& name) const;
  std::filesystem::path content(const Digest& digest) const;
  bool holds(const std::string& name, const Digest& digest) const;
  void hold(const std::string& name, const Digest& digest, std::string_view content);
  std::optional<Digest> resolve(const Target& target) const;

  std::filesystem::path state_;
  const Tokens& tokens_;
  mutable std::mutex mutex_;
  std::map<std::string, std::string> uploads_;  // session → bytes so far
};

}  // namespace waybill::sandbox
