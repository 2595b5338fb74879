#include "core/sandbox/forge.h"

#include <algorithm>
#include <fstream>

#include "core/base/error.h"
#include "core/base/repository_name.h"

namespace waybill::sandbox {
namespace {

constexpr std::string_view kNoReply = "@users.noreply.github.com";

HostedRepository from_document(const Json& document, const Account& owner) {
  return {document["id"].get<long>(), document["full_name"],  owner,
          document["default_branch"], document["visibility"], document["parent"].get<std::string>(),
          document["created_at"]};
}

void check_full_name(const std::string& name) {
  if (!is_repository_name(name) || name.ends_with(".git"))
    throw Error(Fault::kInput, "`{}` is no repository's name, OWNER/NAME is wanted", name);
}

std::string settings(const std::string& kind, const std::string& repository, const std::string& environment) {
  return Forge::document(repository, kind + "/" + (environment.empty() ? "all" : "of-" + environment));
}

}  // namespace

Forge::Forge(std::filesystem::path folder, Tokens& tokens, SandboxClock& clock)
    : folder_(std::move(folder)), state_(folder_), tokens_(tokens), clock_(clock) {
  for (const auto& [name, document] : state_.below("tokens/")) {
    const TokenKind kind = document["kind"] == "user" ? TokenKind::kUser : TokenKind::kInstallation;
    tokens_.restore(document["value"], {kind, document["login"], document["repository"], document["permissions"]});
  }
}

void Forge::listen(Emit emit) {
  emit_ = std::move(emit);
}

std::string Forge::document(const std::string& repository, const std::string& rest) {
  return "repositories/" + repository + "/" + rest;
}

std::optional<Account> Forge::known_account(const std::string& login) const {
  if (login == "github-actions[bot]") return Account{41898282, login, "Bot"};
  if (login == "web-flow") return Account{19864447, login, "User"};
  const auto document = state_.find("accounts/" + login);
  if (!document) return std::nullopt;
  return Account{(*document)["id"].get<long>(), login, (*document)["type"]};
}

Account Forge::account(const std::string& login, const std::string& type) {
  const auto held = state_.lock();
  if (const auto known = known_account(login)) return *known;
  const std::string kind = login.ends_with("[bot]") ? "Bot" : type;
  const long id = 1000 + state_.next("accounts");
  state_.put("accounts/" + login, {{"id", id}, {"type", kind}, {"created_at", now()}});
  return {id, login, kind};
}

std::string Forge::email(const Account& account) const {
  return fmt::format("{}+{}{}", account.id, account.login, kNoReply);
}

std::optional<Account> Forge::account_of_email(const std::string& email) const {
  if (email == "noreply@github.com") return known_account("web-flow");
  if (!email.ends_with(kNoReply)) return std::nullopt;
  std::string name = email.substr(0, email.size() - kNoReply.size());
  if (const std::size_t plus = name.find('+'); plus != std::string::npos) name = name.substr(plus + 1);
  return known_account(name);
}

std::optional<HostedRepository> Forge::repository(const std::string& full_name) const {
  const auto document = state_.find("repositories/" + full_name);
  if (!document || !document->contains("full_name")) return std::nullopt;
  return from_document(*document, *known_account(full_name.substr(0, full_name.find('/'))));
}

std::vector<HostedRepository> Forge::repositories() const {
  std::vector<HostedRepository> found;
  for (const auto& [name, document] : state_.below("repositories/"))
    if (std::ranges::count(name, '/') == 2) found.push_back(*repository(document["full_name"]));
  return found;
}

HostedRepository Forge::add_repository(HostedRepository made, const std::string& from) {
  check_full_name(made.full_name);
  const auto held = state_.lock();
  if (repository(made.full_name)) throw Error(Fault::kConflict, "the repository {} exists", made.full_name);
  const std::string login = made.full_name.substr(0, made.full_name.find('/'));
  if (made.owner.id != 0 && !known_account(login))
    state_.put("accounts/" + login, {{"id", made.owner.id}, {"type", "Organization"}, {"created_at", now()}});
  made.owner = account(login, "Organization");
  if (made.id == 0) made.id = 100'000 + state_.next("repositories");
  made.created_at = now();
  BareRepository::create(folder_ / "git" / (made.full_name + ".git"), made.default_branch, from);
  state_.put("repositories/" + made.full_name, {{"id", made.id},
                                                {"full_name", made.full_name},
                                                {"default_branch", made.default_branch},
                                                {"visibility", made.visibility},
                                                {"parent", made.parent},
                                                {"created_at", made.created_at}});
  return made;
}

BareRepository Forge::git(const std::string& full_name) const {
  const auto held = state_.lock();
  return opened_.try_emplace(full_name, folder_ / "git" / (full_name + ".git")).first->second;
}

std::map<std::string, std::string> Forge::kept_settings(const std::string& kind, const std::string& repository,
                                                        const std::string& environment) const {
  std::map<std::string, std::string> all;
  for (const std::string& owner : {std::string(), environment})
    if (const auto stored = state_.find(settings(kind, repository, owner)))
      for (const auto& [name, value] : stored->items()) all[name] = value.get<std::string>();
  return all;
}

std::map<std::string, std::string> Forge::secrets(const std::string& repository, const std::string& environment) const {
  auto all = kept_settings("secrets", repository, environment);
  all.merge(kept_settings("organization-secrets", repository, ""));
  return all;
}

std::map<std::string, std::string> Forge::variables(const std::string& repository,
                                                    const std::string& environment) const {
  return kept_settings("variables", repository, environment);
}

void Forge::keep_setting(const std::string& kind, const std::string& repository, const std::string& environment,
                         const std::string& name, const std::string& value) {
  const auto held = state_.lock();
  Json stored = state_.find(settings(kind, repository, environment)).value_or(Json::object());
  stored[name] = value;
  state_.put(settings(kind, repository, environment), stored);
}

void Forge::drop_setting(const std::string& kind, const std::string& repository, const std::string& environment,
                         const std::string& name) {
  const auto held = state_.lock();
  Json stored = state_.find(settings(kind, repository, environment)).value_or(Json::object());
  stored.erase(name);
  state_.put(settings(kind, repository, environment), stored);
}

std::vector<std::string> Forge::setting_names(const std::string& kind, const std::string& repository,
                                              const std::string& environment) const {
  std::vector<std::string> names;
  if (const auto stored = state_.find(settings(kind, repository, environment)))
    for (const auto& [name, value] : stored->items()) names.push_back(name);
  return names;
}

void Forge::mark_signed(const Oid& commit) {
  state_.put("signed/" + commit.hex(), true);
}

bool Forge::is_signed(const Oid& commit) const {
  return state_.find("signed/" + commit.hex()).has_value();
}

void Forge::emit(Event event) {
  const auto held = state_.lock();
  pending_.push_back(std::move(event));
}

void Forge::deliver() {
  const std::lock_guard one_at_a_time(delivery_);
  std::vector<Event> events;
  {
    const auto held = state_.lock();
    events.swap(pending_);
  }
  for (const Event& event : events) {
    try {
      if (emit_) emit_(event);
    } catch (const Error& error) {
      unknown(fmt::format("event {} of {}: {}", event.name, event.repository, error.what()));
    }
  }
}

void Forge::unknown(const std::string& what) {
  const auto held = state_.lock();
  std::ofstream(folder_ / "unknown.log", std::ios::app) << what << '\n';
}

}  // namespace waybill::sandbox
