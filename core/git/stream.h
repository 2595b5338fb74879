#pragma once

namespace waybill::git {

// Makes libgit2 do all its network reading and writing through Connection, under its time limits.
void register_timed_streams();

}  // namespace waybill::git
