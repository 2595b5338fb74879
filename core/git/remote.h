#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/git/native.h"

namespace waybill::git {

struct Head {
  std::string name;
  Oid id;
};

// A repository elsewhere, for fetch.cpp and push.cpp: one connection with one token, limited in bytes and time. The
// token is sent with every request and kept nowhere: no redirect leaves the host, and the remote has no name in the
// configuration.
class Remote {
 public:
  Remote(git_repository* repository, const std::string& url, const std::string& token);
  Remote(const Remote&) = delete;
  Remote& operator=(const Remote&) = delete;

  // What it has, after connecting.
  std::vector<Head> connect(git_direction direction);
  git_remote* get() const { return remote_.get(); }

  // What every request is made with: the token, limits, no proxy, no redirects. For options of connecting, fetching and
  // pushing alike.
  template <class Options>
  void settle(Options& options) {
    options.callbacks.transfer_progress = watch;
    options.callbacks.payload = this;
    options.custom_headers = {&header_, authorization_.empty() ? 0U : 1U};
    options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
    options.proxy_opts.type = GIT_PROXY_NONE;
  }

  // A failed call as Fault::kPermission, which names the permission that `doing` wants, or as kRemote.
  void check(int code, std::string_view doing) const;

 private:
  static int watch(const git_indexer_progress* stats, void* payload);

  std::string url_;
  std::string authorization_;  // empty without a token
  char* header_ = nullptr;
  std::chrono::steady_clock::time_point end_;
  std::string stopped_;  // why it was, by us
  Handle<git_remote, git_remote_free> remote_;
};

}  // namespace waybill::git
