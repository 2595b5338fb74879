#include "core/sandbox/git_http.h"

#include <charconv>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/base/process.h"
#include "core/sandbox/api.h"
#include "core/sandbox/releases.h"
#include "core/sandbox/rulesets.h"

namespace waybill::sandbox {
namespace {

constexpr std::size_t kAnswerLimit = 1024UL * 1024 * 1024;

HttpResponse plain(int status, const std::string& text) {
  return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, text + "\n"};
}

HttpResponse unauthorised(const std::string& text) {
  HttpResponse response = plain(401, text);
  response.headers["WWW-Authenticate"] = "Basic realm=\"GitHub\"";
  return response;
}

// The password of Basic credentials, whatever the user name; or a Bearer token.
std::string credential(const HttpRequest& request) {
  const std::string header = request.header("authorization");
  const std::size_t space = header.find(' ');
  if (space == std::string::npos) return header;
  const std::string value = header.substr(space + 1);
  if (header.substr(0, space) != "Basic" && header.substr(0, space) != "basic") return value;
  try {
    const std::string pair = from_base64(value);
    return pair.substr(pair.find(':') + 1);
  } catch (const Error&) {
    return "malformed";
  }
}

std::optional<HttpResponse> refusal(const HostedRepository& repository, const std::optional<Token>& token,
                                    const std::string& sent, bool pushing) {
  if (!sent.empty() && !token) return unauthorised("Invalid username or token.");
  const bool visible = repository.visibility == "public";
  if (!token) return visible && !pushing ? std::nullopt : std::optional(unauthorised("Authentication required"));
  if (token->kind == TokenKind::kUser && token->login == repository.owner.login) return std::nullopt;
  const bool reaches = token->repository.empty() || token->repository == repository.full_name;
  if (pushing)
    return reaches && token->may("contents", "write")
               ? std::nullopt
               : std::optional(
                     plain(403, fmt::format("Permission to {}.git denied to {}.", repository.full_name, token->login)));
  if (reaches && token->may("contents", "read")) return std::nullopt;
  if (visible && (token->kind == TokenKind::kUser || !reaches)) return std::nullopt;
  return plain(403, fmt::format("Permission to {}.git denied to {}.", repository.full_name, token->login));
}

// What a push wants to change: the lines before the pack (gitprotocol-pack, "Reference Update Request"). What is no
// such line ends them, and is for receive-pack to refuse.
std::vector<RefChange> announced(std::string_view body) {
  constexpr std::size_t kLength = 4;
  constexpr std::size_t kOid = 40;
  std::vector<RefChange> changes;
  const auto oid = [](std::string_view hex) {
    return hex.find_first_not_of('0') == std::string_view::npos ? std::nullopt : std::optional(Oid::parse(hex));
  };
  const auto is_oid = [](std::string_view hex) {
    return hex.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  };
  while (body.size() > kLength) {
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(body.data(), body.data() + kLength, length, 16);
    if (error != std::errc() || end != body.data() + kLength || length < kLength + 2 * (kOid + 1) ||
        length > body.size())
      break;
    const std::string_view line = body.substr(kLength, length - kLength);
    const std::string_view before = line.substr(0, kOid);
    const std::string_view after = line.substr(kOid + 1, kOid);
    if (!is_oid(before) || !is_oid(after)) break;
    std::string_view name = line.substr(2 * (kOid + 1));
    name = name.substr(0, name.find_first_of(std::string_view("\0\n", 2)));
    changes.push_back({std::string(name), oid(before), oid(after)});
    body.remove_prefix(length);
  }
  return changes;
}

// receive-pack refuses to update what is hidden from it: tags of immutable releases, and what rules hold back.
void hide_protected(const Forge& forge, const std::string& repository, const std::string& body,
                    const std::optional<Token>& by, std::map<std::string, std::string>& environment) {
  int count = std::stoi(environment.at("GIT_CONFIG_COUNT"));
  const auto hide = [&](const std::string& name) {
    environment[fmt::format("GIT_CONFIG_KEY_{}", count)] = "receive.hideRefs";
    environment[fmt::format("GIT_CONFIG_VALUE_{}", count)] = name;
    ++count;
  };
  for (const auto& [key, release] : forge.state().below(Forge::document(repository, "releases/")))
    if (!release["draft"].get<bool>()) hide("refs/tags/" + release["tag_name"].get<std::string>());
  if (by)
    for (const RefChange& change : announced(body))
      if (against_change(forge, repository, change, *by)) hide(change.name);
  environment["GIT_CONFIG_COUNT"] = std::to_string(count);
}

HttpResponse run_backend(const Forge& forge, const HttpRequest& request, const std::string& repository,
                         const std::string& service_path, const std::optional<Token>& by) {
  const std::filesystem::path folder = forge.git(repository).path();
  Command command;
  command.arguments = {"git", "http-backend"};
  command.environment = git_environment();
  hide_protected(forge, repository, service_path == "git-receive-pack" ? request.body : "", by, command.environment);
  const std::size_t query = request.target.find('?');
  command.environment.insert({{"GIT_PROJECT_ROOT", folder.string()},
                              {"PATH_INFO", "/" + service_path},
                              {"GIT_HTTP_EXPORT_ALL", "1"},
                              {"REQUEST_METHOD", request.method},
                              {"QUERY_STRING", query == std::string::npos ? "" : request.target.substr(query + 1)},
                              {"CONTENT_TYPE", request.header("content-type")},
                              {"CONTENT_LENGTH", std::to_string(request.body.size())},
                              {"REMOTE_USER", by ? by->login : ""},
                              {"REMOTE_ADDR", "127.0.0.1"},
                              {"GIT_PROTOCOL", request.header("git-protocol")}});
  command.folder = folder;
  command.input = request.body;
  command.timeout = std::chrono::seconds(300);
  command.output_limit = kAnswerLimit;
  const Exit exit = run(command);

  HttpResponse response;
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = exit.output.find("\r\n", begin);
    if (end == std::string::npos) return plain(500, "git http-backend said nothing: " + exit.errors);
    if (end == begin) break;
    const std::string line = exit.output.substr(begin, end - begin);
    const std::size_t colon = line.find(": ");
    if (line.starts_with("Status: "))
      response.status = std::stoi(line.substr(8));
    else if (colon != std::string::npos)
      response.headers[line.substr(0, colon)] = line.substr(colon + 2);
    begin = end + 2;
  }
  response.body = exit.output.substr(begin + 2);
  return response;
}

std::vector<RefChange> differences(const std::map<std::string, RefTarget>& before,
                                   const std::map<std::string, RefTarget>& after) {
  std::vector<RefChange> changes;
  for (const auto& [name, target] : after) {
    const auto old = before.find(name);
    if (old == before.end())
      changes.push_back({name, std::nullopt, target.id});
    else if (old->second.id != target.id)
      changes.push_back({name, old->second.id, target.id});
  }
  for (const auto& [name, target] : before)
    if (!after.contains(name)) changes.push_back({name, target.id, std::nullopt});
  std::erase_if(changes, [](const RefChange& change) {
    return !change.name.starts_with("refs/heads/") && !change.name.starts_with("refs/tags/");
  });
  return changes;
}

}  // namespace

HttpResponse answer_git(Forge& forge, const HttpRequest& request) {
  if (auto file = download(forge, request.path)) return std::move(*file);
  const auto values = matched("/{owner}/{repo}/{rest*}", request.path);
  if (!values) return plain(404, "Not Found");
  std::string name = values->at("repo");
  if (name.ends_with(".git")) name.resize(name.size() - 4);
  const auto repository = forge.repository(values->at("owner") + "/" + name);
  const std::string& rest = values->at("rest");
  const bool receives = rest == "git-receive-pack";
  const bool pushing = receives || request.parameter("service") == "git-receive-pack";
  if (!repository || (rest != "info/refs" && rest != "git-upload-pack" && !receives))
    return plain(404, "Repository not found.");

  const std::string sent = credential(request);
  const auto token = sent.empty() ? std::nullopt : forge.tokens().find(sent);
  if (auto refused = refusal(*repository, token, sent, pushing)) return std::move(*refused);
  if (!receives) {
    if (!pushing && rest == "info/refs") {
      const auto held = forge.state().lock();
      forge.git(repository->full_name).pack_when_many();
    }
    return run_backend(forge, request, repository->full_name, rest, token);
  }

  HttpResponse response;
  {
    const auto held = forge.state().lock();
    const BareRepository bare = forge.git(repository->full_name);
    const auto before = bare.references("refs/");
    response = run_backend(forge, request, repository->full_name, rest, token);
    forge.references_moved(repository->full_name, differences(before, bare.references("refs/")), *token,
                           base_url(request));
  }
  forge.deliver();
  return response;
}

}  // namespace waybill::sandbox
