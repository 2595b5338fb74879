#pragma once

#include <string_view>

#include "core/base/json.h"

// What waybill says in a predicate beside what its format has. The schemas of CycloneDX and SPDX 2 allow no members
// that they do not name: there a note is canonical JSON, in a property or an annotation of the document. Elsewhere it
// is a member.
namespace waybill::lineage {

// The predicate with the note, in place of one of the same name. Fault::kInput when it is no object, or has another
// thing where the note belongs.
Json noted(Json predicate, std::string_view predicate_type, std::string_view name, const Json& note);
// Fault::kInput when there is none, or more than one, or it is no JSON. Earlier releases of waybill had members
// everywhere: those are found too.
Json note_in(const Json& predicate, std::string_view predicate_type, std::string_view name);

}  // namespace waybill::lineage
