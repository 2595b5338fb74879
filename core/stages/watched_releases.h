#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "core/chart/plan_version.h"
#include "core/stages/job.h"

// What is published already: releases that people can see, and each chart's newest versions.
namespace waybill::stages {

// Release pages that are no drafts, by their tags.
std::map<std::string, forge::Release> visible_releases(const Job& job);

// Of a chart's release tags, highest version first, so many that the policy did not adopt.
std::vector<chart::ReleaseTag> newest_versions(const Job& job, const std::vector<chart::ReleaseTag>& releases,
                                               std::size_t versions);

}  // namespace waybill::stages
