#pragma once

#include "core/sandbox/forge.h"
#include "core/sandbox/http_server.h"

namespace waybill::sandbox {

// /_sandbox/…: what a person or a test sets up, no token wanted: users, apps, repositories with their secrets and
// variables, the clock, and faults.
//
// A fault {method, path, status, body?, headers?, after?, times?} makes the REST requests of that method and path
// (below /api/v3, `*` = any) answer so: `after` of them pass first, then `times` (1) of them fail.
HttpResponse answer_operator(Forge& forge, const HttpRequest& request);

// The answer of a fault that this request meets, used up by it.
std::optional<HttpResponse> fault(Forge& forge, const HttpRequest& request);

}  // namespace waybill::sandbox
