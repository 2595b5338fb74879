#pragma once

#include "core/sandbox/forge.h"
#include "core/sandbox/http_server.h"

namespace waybill::sandbox {

// Git's smart HTTP protocol at /OWNER/NAME(.git)/…, by `git http-backend` as a CGI child. Public repositories may be
// fetched by anybody; a job's token needs contents:read of this repository. Pushing needs contents:write.
HttpResponse answer_git(Forge& forge, const HttpRequest& request);

}  // namespace waybill::sandbox
