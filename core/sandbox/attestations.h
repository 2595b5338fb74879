#pragma once

#include "core/sandbox/forge.h"
#include "core/sandbox/http_server.h"

namespace waybill::sandbox {

// Where `bundle_url` points: plain JSON, no token wanted.
void serve_bundles(Forge& forge, HttpServer& server);

}  // namespace waybill::sandbox
