#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/digest.h"
#include "core/base/json.h"

namespace waybill::sandbox {

// JSON documents by name ("repositories/acme/charts/pulls/0000000012"), held in memory and written through to a folder,
// so that a sandbox started again with the same folder goes on where it stopped. Calls are safe from any thread; who
// reads and then writes holds lock().
class State {
  using Named = std::map<std::string, Json, std::less<>>;

 public:
  // Documents as they are kept, not copies: nobody else reads or writes while one of these is looked at, and who looks
  // takes none of them away.
  class Documents {
   public:
    Named::const_iterator begin() const { return begin_; }
    Named::const_iterator end() const { return end_; }

   private:
    friend class State;
    Documents(std::unique_lock<std::recursive_mutex> held, Named::const_iterator begin, Named::const_iterator end)
        : held_(std::move(held)), begin_(begin), end_(end) {}

    std::unique_lock<std::recursive_mutex> held_;
    Named::const_iterator begin_;
    Named::const_iterator end_;
  };

  explicit State(std::filesystem::path folder);

  std::unique_lock<std::recursive_mutex> lock() const { return std::unique_lock(mutex_); }

  std::optional<Json> find(const std::string& name) const;
  void put(const std::string& name, const Json& document);
  void remove(const std::string& name);
  // Every document whose name begins with `prefix`, by name.
  Documents below(std::string_view prefix) const;

  // Counts 1, 2, 3, … under a name.
  long next(const std::string& counter);

  // Bytes by their digest.
  Digest keep(std::string_view bytes);
  std::string kept(const Digest& digest) const;

 private:
  std::filesystem::path file(const std::string& name) const;

  std::filesystem::path folder_;
  mutable std::recursive_mutex mutex_;
  Named documents_;
};

// The number as documents are named, so that names sort as numbers do.
std::string numbered(long number);

}  // namespace waybill::sandbox
