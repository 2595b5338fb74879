#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/digest.h"
#include "core/base/json.h"
#include "core/http/client.h"

namespace waybill::oci {

// "host[:port]/path/of/repository", without tag and digest. parse: `oci://` is taken off, everything else is checked
// against the distribution specification's name grammar (Fault::kInput).
struct Repository {
  std::string host;
  std::string name;
  static Repository parse(std::string_view text);
  std::string text() const { return host + "/" + name; }
  auto operator<=>(const Repository&) const = default;
};

// A Helm or SemVer version as a tag: `+` becomes `_`. At most 128 characters of [a-zA-Z0-9._-].
std::string tag_of_version(std::string_view version);

struct Descriptor {
  std::string media_type;
  Digest digest;
  std::size_t size = 0;
  std::map<std::string, std::string> annotations;
  std::string artifact_type;
};

struct Manifest {
  std::string media_type;
  std::string bytes;
  Digest digest;  // computed here from the bytes, equal to the registry's header
};

struct Credentials {
  std::string user;
  std::string password;
};

class Connection;

// One repository of one registry (distribution specification 1.1). http is spoken to loopback addresses only. Tokens by
// the WWW-Authenticate flow, never sent to another host. kPermission, kRemote; a digest that differs from what was
// computed here is kUntrusted naming the registry.
class Registry {
 public:
  Registry(http::Client& http, Repository repository, std::optional<Credentials> credentials);
  ~Registry();

  const Repository& repository() const { return repository_; }

  std::optional<Manifest> manifest(const std::string& reference) const;  // tag or digest
  std::string blob(const Digest& digest, std::size_t limit) const;
  bool has_blob(const Digest& digest) const;
  // Referrers API, or the fallback tag; every manifest is what the index lists, unverified.
  std::vector<Descriptor> referrers(const Digest& subject) const;
  std::vector<std::string> tags() const;

  void push_blob(std::string_view content, const Digest& digest) const;
  // By digest; read back and compared.
  void push_manifest(const Manifest& manifest) const;
  // Fault::kConflict naming both digests when the tag holds another manifest; already so is success. Read back.
  void tag(const std::string& tag, const Manifest& manifest) const;
  // Pushes the manifest and, where the registry does not list it by itself, adds one entry to the fallback tag's index.
  // Its config and layer must be there. `own` is descriptor_of(manifest).
  void push_referrer(const Manifest& manifest, const Descriptor& own, const Digest& subject) const;

 private:
  void put(const std::string& reference, const Manifest& manifest) const;
  std::optional<std::vector<Descriptor>> listed_referrers(const Digest& subject) const;
  void add_to_index(const Descriptor& own, const Digest& subject) const;

  Repository repository_;
  std::unique_ptr<Connection> connection_;
};

// A descriptor of the manifest, as an index or a subject names it.
Descriptor descriptor_of(const Manifest& manifest);

// The manifest helm writes for a chart package, byte for byte: config = the chart's metadata as compact JSON, one
// layer, annotations. It has no mediaType of its own.
Manifest chart_manifest(const Descriptor& config, const Descriptor& layer,
                        const std::map<std::string, std::string>& annotations);
// A Sigstore bundle as a referrer of `subject` (artifactType application/vnd.dev.sigstore.bundle.v0.3+json, empty
// config).
Manifest bundle_referrer(const Descriptor& bundle, const Descriptor& subject, const std::string& predicate_type,
                         const std::string& created);

inline constexpr std::string_view kEmptyConfig = "{}";
inline constexpr std::string_view kEmptyConfigType = "application/vnd.oci.empty.v1+json";
inline constexpr std::string_view kManifestType = "application/vnd.oci.image.manifest.v1+json";
inline constexpr std::string_view kBundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";
inline constexpr std::string_view kHelmConfigType = "application/vnd.cncf.helm.config.v1+json";
inline constexpr std::string_view kHelmChartType = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

}  // namespace waybill::oci
