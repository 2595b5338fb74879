#pragma once

#include <string>

#include "core/base/json.h"
#include "core/git/repository.h"
#include "core/sandbox/forge.h"

// GitHub's objects as its API description shapes them; `base` is http://127.0.0.1:PORT.
namespace waybill::sandbox::render {

Json account(const Account& account, const std::string& base);                               // simple-user
Json repository(const HostedRepository& repository, const std::string& base, Forge& forge);  // full-repository
Json minimal_repository(const HostedRepository& repository, const std::string& base);
Json verification(const Forge& forge, const Oid& commit);
Json commit(const Forge& forge, const std::string& repository, const git::Commit& commit,
            const std::string& base);  // commit
Json git_commit(const Forge& forge, const std::string& repository, const git::Commit& commit,
                const std::string& base);                      // git-commit
Json app(Forge& forge, long app_id, const std::string& base);  // integration
Json signature(const git::Signature& person);
std::string node_id(const std::string& kind, const std::string& id);

std::string repository_url(const std::string& base, const std::string& full_name);  // of the API
std::string web_url(const std::string& base, const std::string& full_name);

}  // namespace waybill::sandbox::render
