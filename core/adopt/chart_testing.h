#pragma once

#include <set>
#include <string>

#include "core/git/repository.h"

namespace waybill::adopt {

// What a repository tells chart-testing, from the first file of a commit that is named as its configuration is.
struct ChartTesting {
  std::string file;                // empty: there is none that can be read
  std::set<std::string> excluded;  // `excluded-charts`: names of charts' folders
};
ChartTesting chart_testing(const git::Repository& repository, const Oid& commit);

}  // namespace waybill::adopt
