#include "core/app/report.h"

#include <filesystem>

#include "core/base/file.h"

namespace waybill::app {
namespace {

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : canonical(value);
}

// One value where one thing was attested, JSON by chart and key where there are several.
std::string by_key(const Ledger& ledger, std::string (*value)(const Ledger::Receipt&)) {
  if (ledger.receipts().size() == 1) return value(ledger.receipts().front());
  Json json = Json::object();
  for (const Ledger::Receipt& receipt : ledger.receipts()) json[receipt.chart][receipt.key] = value(receipt);
  return canonical(json);
}

// Below the workspace, which the steps of the host and of containers share: the path means the same file to both. The
// folder hides itself from git.
std::string write_bundles(const Session& session, const Ledger& ledger) {
  constexpr std::size_t kShort = 12;
  const std::filesystem::path folder = ".waybill";
  const std::filesystem::path& workspace = session.context->workspace;
  const std::string first = ledger.receipts().front().link.statement.hex().substr(0, kShort);
  const std::filesystem::path path = folder / fmt::format("{}-{}.jsonl", session.invocation.stage->name, first);
  std::string lines;
  for (const Ledger::Receipt& receipt : ledger.receipts()) lines += receipt.bundle.json() + "\n";
  std::filesystem::create_directories(workspace / folder);
  write_file(workspace / folder / ".gitignore", "*\n");
  write_file(workspace / path, lines);
  return path.string();
}

void write_attestations(Session& session, const Ledger& ledger) {
  if (ledger.receipts().empty()) return;
  session.commands.output("attestation-id",
                          by_key(ledger, [](const Ledger::Receipt& receipt) { return receipt.entry.id; }));
  // The forge tells an id once; without it there is the list.
  const std::string list = session.context->server_url + "/" + session.context->repository + "/attestations";
  const auto url = [&list](const Ledger::Receipt& receipt) {
    return receipt.entry.id.empty() ? list : list + "/" + receipt.entry.id;
  };
  Json urls = Json::object();
  for (const Ledger::Receipt& receipt : ledger.receipts()) urls[receipt.chart][receipt.key] = url(receipt);
  session.commands.output("attestation-url",
                          ledger.receipts().size() == 1 ? url(ledger.receipts().front()) : canonical(urls));
  session.commands.output("bundle-path", write_bundles(session, ledger));
  lineage::Waybill entries;
  for (const Ledger::Receipt& receipt : ledger.receipts())
    entries[receipt.chart].insert_or_assign(receipt.key, receipt.entry);
  session.commands.output("entries", canonical(lineage::to_json(entries)));
}

std::string one_line(std::string text) {
  for (char& c : text)
    if (c == '\n' || c == '|') c = ' ';
  return text;
}

}  // namespace

std::string fenced(std::string_view text, std::string_view language) {
  std::string fence = "```";
  while (text.find(fence) != std::string_view::npos) fence += '`';
  return fmt::format("{0}{1}\n{2}\n{0}\n", fence, language, text);
}

std::string explained(std::string_view text, std::string_view hint) {
  return fenced(text) + (hint.empty() ? "" : "\nTry:\n\n" + fenced(hint));
}

void report(Session& session, const stages::Plan& plan, const std::vector<Done>& done, const Ledger& ledger) {
  for (const std::string& note : plan.notes()) session.log.line(note);
  for (const auto& [name, value] : plan.outputs()) session.commands.output(name, text_of(value));
  if (session.context) write_attestations(session, ledger);
  std::string summary = fmt::format("### {}\n\n", session.invocation.stage->title);
  if (!done.empty()) summary += "| step | |\n|---|---|\n";
  for (const Done& step : done)
    summary += fmt::format("| {} | {} |\n", one_line(step.title), step.already ? "already so" : "done");
  for (const std::string& note : plan.notes()) summary += "\n" + note + "\n";
  if (!ledger.receipts().empty()) summary += "\n| chart | key | statement | subject |\n|---|---|---|---|\n";
  for (const Ledger::Receipt& receipt : ledger.receipts())
    summary += fmt::format("| `{}` | `{}` | `{}` | `{}` |\n", receipt.chart, receipt.key, receipt.link.statement.text(),
                           receipt.link.subject.text());
  session.commands.summary(session.log.redacted(summary));
}

void report_plan(Session& session, const stages::Plan& plan) {
  const std::string json = stages::to_json(plan).dump(2);
  session.log.line(json);
  session.commands.summary(
      session.log.redacted(fmt::format("### Plan: {}\n\n{}", session.invocation.stage->title, fenced(json, "json"))));
}

void report_error(runner::Commands& commands, Log& log, const std::string& stage, const Error& error) {
  const std::string text = log.redacted(error.what());
  const std::string hint = log.redacted(error.hint());
  commands.error(hint.empty() ? text : text + "\n  try: " + hint, stage);
  commands.summary(fmt::format("### {} stopped\n\n{}", stage, explained(text, hint)));
}

}  // namespace waybill::app
