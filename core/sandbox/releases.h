#pragma once

#include <optional>
#include <string>

#include "core/sandbox/api.h"

namespace waybill::sandbox {

// A release that was published while the repository had switched it on: its tag and its assets stay as they are.
bool is_immutable(const Json& release);
bool has_immutable_release(const Forge& forge, const std::string& repository, const std::string& tag);

std::string release_document(const std::string& repository, long id);
Json render_asset(Forge& forge, const Call& call, const Json& asset, const Json& release);
Json assets_of(Forge& forge, const Call& call, const Json& release);
// A stored release that the caller may see (a draft needs contents:write), or 404.
Json visible_release(const Forge& forge, const Call& call, long id);
// What a browser would download: /OWNER/NAME/releases/download/TAG/FILE of a published release.
std::optional<HttpResponse> download(const Forge& forge, const std::string& path);

}  // namespace waybill::sandbox
