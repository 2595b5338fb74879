#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/adopt/files.h"
#include "core/adopt/workflow.h"
#include "core/forge/client.h"

namespace waybill::adopt {

// What `waybill init` was asked for; what is empty it finds out.
struct Wish {
  std::filesystem::path folder = ".";  // a work tree
  std::string repository;              // OWNER/NAME
  std::optional<lineage::Pipeline> pipeline;
  std::string registry;
  std::string app;
  std::string token;
  std::string server = lineage::Anchor{}.server;
  std::string api;     // of the server, when it is at another place than usual
  std::string issuer;  // the same
  ActionsRelease release = {};
};

struct Proposal {
  std::string report;  // what was found and what is to be done, for people
  std::vector<ProposedFile> files;
};

// Looks at a repository and proposes everything that its releases need. A policy that lies there counts and is kept:
// the workflows follow it. Fault::kInput for a folder that is no work tree or holds a part of the history only, for a
// repository that nobody names, and for a policy with mistakes, as Policy::parse has it.
Proposal propose(const Wish& wish, http::Client& http, const forge::Pause& pause = forge::sleep_for);

}  // namespace waybill::adopt
