#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/digest.h"

namespace waybill::chart {

// A container image as manifests name it.
struct Image {
  std::string reference;                // as it is written: "ghcr.io/octo/web:1.2@sha256:…"
  std::string repository;               // without tag and digest; all of it when it is no reference
  std::string tag;                      // empty = none
  std::optional<Digest> digest;         // sha256
  std::vector<std::string> kubernetes;  // versions of Kubernetes that it is rendered for

  static Image parse(const std::string& reference);
  // pkg:oci/…, with Docker's own registry where the reference names none; empty without a digest, which it needs.
  std::string purl() const;
  // The tag, else the digest; empty when there is neither.
  std::string version() const;
};

}  // namespace waybill::chart
