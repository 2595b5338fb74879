#pragma once

#include "core/sandbox/forge.h"
#include "core/sandbox/http_server.h"

namespace waybill::sandbox {

// /_sandbox/…: what a person or a test sets up, no token wanted: users, apps, repositories with their secrets and
// variables, the clock, and what it strikes.
HttpResponse answer_operator(Forge& forge, const HttpRequest& request);

}  // namespace waybill::sandbox
