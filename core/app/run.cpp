#include "core/app/run.h"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "core/app/applier.h"
#include "core/app/bundle_places.h"
#include "core/app/command_line.h"
#include "core/app/known_root.h"
#include "core/app/own_check.h"
#include "core/app/registries.h"
#include "core/app/report.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/chart/helm.h"
#include "core/stages/policy_names.h"
#include "core/stages/sequence.h"

namespace waybill::app {
namespace {

constexpr std::size_t kFileBytes = 64 * 1024 * 1024;

stages::Facts no_facts() {
  constexpr std::string_view kNone = "0000000000000000000000000000000000000000";
  return {.policy = lineage::Policy::standard("", "", ""), .anchor = Oid::parse(kNone)};
}

// helm on the PATH that this process was given; where there is none, the standard folders are looked through.
std::filesystem::path helm_program(const runner::Environment& environment) {
  const auto path = environment.find("PATH");
  std::string_view folders = path != environment.end() ? std::string_view(path->second) : std::string_view();
  while (!folders.empty()) {
    std::filesystem::path program = std::filesystem::path(take_until(':', folders)) / "helm";
    if (program.is_absolute() && std::filesystem::is_regular_file(program)) return program;
  }
  return {};
}

void open(Session& session) {
  const stages::Stage& stage = *session.invocation.stage;
  for (const char* secret : {"token", "app-private-key"})
    if (session.input(secret).size() >= 4) session.commands.mask(session.input(secret));
  if (stage.needs == stages::Needs::kForge)
    session.identity.emplace(session.http, session.invocation.environment, session.commands);
}

// A run may come sooner than the forge lists what the one before it stored.
void await_announced(const Session& session, const std::vector<lineage::Requirement>& wanted) {
  if (!session.invocation.action) return;
  std::vector<std::pair<Digest, Digest>> statements;
  for (const lineage::Requirement& one : wanted)
    if (one.hint && one.hint->subject == one.subject) statements.emplace_back(one.subject, one.hint->statement);
  session.store->await(statements, forge::sleep_for);
}

// Where a stage may look.
stages::Ports ports_of(Session& session, Registries& registries, const chart::Helm* helm) {
  return {
      .repository = session.git ? &*session.git : nullptr,
      .reader = session.app_forge ? &*session.app_forge : nullptr,
      .charts = helm,
      .settings = session.app_forge ? &*session.app_forge : nullptr,
      .registry = [&registries](const std::string& repository,
                                const std::string& tag) { return registries(repository).manifest(tag); },
      .registry_tags = [&registries](const std::string& repository) { return registries(repository).tags(); },
      .file = [](const std::string& path) { return read_file(path, kFileBytes); },
      .artifact = sigstore::Artifact::of_file,
      .known_root =
          [&session](std::string_view organisation) {
            return known_root(organisation, session.input("offline") == "true", session.invocation.environment,
                              session.http, session.clock.now());
          },
      .bundles =
          [&session](const std::string& place, const Digest& subject) {
            return bundles_at(place, subject, session.invocation.inputs, session.invocation.environment, session.http);
          },
      .demanded =
          [&session](const std::vector<lineage::Requirement>& wanted) {
            await_announced(session, wanted);
            return session.examiner->verify(wanted);
          },
      .verified =
          [&session](const std::vector<lineage::Requirement>& wanted) {
            await_announced(session, wanted);
            return session.examiner->examine(wanted).upstream;
          },
      .verified_ever =
          [&session](const std::vector<lineage::Requirement>& wanted) {
            return session.history->examine(wanted).upstream;
          },
      .verified_and_lost =
          [&session](const std::vector<lineage::Requirement>& wanted) {
            return session.lost->examine(wanted).upstream;
          },
      .withdrawn = [&session](const lineage::Requirement& release) -> std::optional<std::string> {
        const auto withdrawal = session.lost->withdrawal(release);
        if (!withdrawal) return std::nullopt;
        return lineage::described_withdrawal(*withdrawal);
      },
  };
}

// Alarms stop the run once everything that can be done is done.
void require_no_alarm(const stages::Plan& plan) {
  if (plan.alarms().empty()) return;
  std::vector<std::string> texts;
  std::vector<std::string> hints;
  for (const Error& alarm : plan.alarms()) {
    texts.emplace_back(alarm.what());
    if (!alarm.hint().empty()) hints.push_back(alarm.hint());
  }
  throw Error(plan.alarms().front().fault(), "{}", fmt::join(texts, "\n"))
      .hint(fmt::format("{}", fmt::join(hints, "\n")));
}

// What a run does with its job's own token starts no other run, unless it is dispatched: `reconcile` looks what comes
// next. A run that found everything done has nothing to send on.
void send_on(Session& session, const std::vector<Done>& done) {
  const lineage::Policy& policy = session.facts->policy;
  const stages::Stage& stage = *session.invocation.stage;
  if (policy.has_own_app() || !lineage::has_stage(policy.pipeline, stage.name)) return;
  for (const Done& one : done) {
    if (one.already || std::holds_alternative<stages::EnsureDispatch>(one.step)) continue;
    session.app_forge->dispatch(stages::workflow_file(stages::kReconcile.name, policy), policy.anchor.branch,
                                Json::object());
    session.log.line("done: start reconcile, for what this job's own token did starts nothing");
    return;
  }
}

void perform(Session& session, const stages::Ports& ports, Registries& registries) {
  const stages::Stage& stage = *session.invocation.stage;
  const stages::Job job = stages::surveyed(stage, *session.facts, ports, session.invocation.inputs);
  stages::Plan plan = stage.plan(job);
  if (session.examiner)
    if (std::string passed_over = session.examiner->passed_over(); !passed_over.empty())
      plan.note(std::move(passed_over));
  std::vector<Done> done;
  if (!session.applies()) {
    report_plan(session, plan);
  } else if (stage.needs != stages::Needs::kForge) {
    report(session, plan, done, {});
  } else {
    Applier applier(session, job,
                    [&registries](const std::string& repository) -> oci::Registry& { return registries(repository); });
    std::size_t attested = 0;
    std::vector<Error> left = applier.apply(plan, [&](const Done& step) {
      const auto& receipts = applier.ledger().receipts();
      const std::string statement = receipts.size() > attested ? "  " + receipts.back().link.statement.text() : "";
      attested = receipts.size();
      session.log.line((step.already ? "already so: " : "done: ") + step.title + statement);
      done.push_back(step);
    });
    for (Error& error : left) plan.alarm(std::move(error));
    report(session, plan, done, applier.ledger());
    send_on(session, done);
  }
  require_no_alarm(plan);
}

void carry_out(Session& session) {
  const stages::Stage& stage = *session.invocation.stage;
  open(session);
  preflight(session);
  if (stage.needs != stages::Needs::kNothing)
    session.context = session.invocation.action ? runner::read_context(session.invocation.environment)
                                                : local_context(session.invocation.environment);
  if (stage.needs == stages::Needs::kForge && !gather(session)) return;
  if (stage.needs == stages::Needs::kGit) session.git.emplace(git::Repository::open(session.context->workspace));
  if (!session.facts) session.facts.emplace(no_facts());

  Registries registries(session);
  std::optional<chart::Helm> helm;
  if (stage.needs == stages::Needs::kForge) helm.emplace(helm_program(session.invocation.environment));
  const stages::Ports ports = ports_of(session, registries, helm ? &*helm : nullptr);
  try {
    perform(session, ports, registries);
  } catch (const Error& error) {
    show_refusal(session, error);
    throw;
  }
}

}  // namespace

int run(const std::string& name, const runner::Environment& environment,
        const std::function<Invocation()>& invocation_of) {
  Log log(std::cout);
  runner::Commands commands(environment, log);
  const SystemClock clock;
  try {
    const Invocation invocation = invocation_of();
    const auto http = http::open();
    Session session{.invocation = invocation, .log = log, .commands = commands, .http = *http, .clock = clock};
    carry_out(session);
    return 0;
  } catch (const Error& error) {
    report_error(commands, log, name, error);
    return static_cast<int>(error.fault());
  } catch (const std::exception& error) {
    const Error internal(Fault::kInternal, "{}", error.what());
    report_error(commands, log, name, internal);
    return static_cast<int>(Fault::kInternal);
  }
}

}  // namespace waybill::app
