#pragma once

// For the registry_*.cpp files alone.

#include <string>

#include "core/sandbox/http_server.h"

namespace waybill::sandbox {

// The distribution specification's error body; 401 with the challenge.
HttpResponse registry_error(int status, const std::string& code, const std::string& message);

}  // namespace waybill::sandbox
