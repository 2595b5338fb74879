#pragma once

#include <string>
#include <vector>

#include "core/lineage/waybill.h"
#include "core/stages/job.h"

namespace waybill::stages {

// Tags of waybill's form that `tip` contains and `excluded` does not, since the policy came to be, oldest commit first.
// A tag's message is a hint; everything in it is verified afterwards.
std::vector<git::Tag> released_tags(const Job& job, const Oid& tip, const std::optional<Oid>& excluded);

// The chart at a tag: read from the tagged commit, packaged twice from its blobs, both byte-identical
// (Fault::kInternal). The tag's name, its target on main and the chart's version must agree (Fault::kUntrusted).
Consignment tagged_chart(const Job& job, const git::Tag& tag);

// A tag whose statement was made under an earlier policy, before it was published: a tag never changes, so its content
// goes out with the chart's next version (trust.md T22). Nothing for every other tag.
std::optional<SetAside> outdated_tag(const Job& job, const git::Tag& tag);

}  // namespace waybill::stages
