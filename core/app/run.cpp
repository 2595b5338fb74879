#include "core/app/run.h"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "core/app/applier.h"
#include "core/app/bundle_places.h"
#include "core/app/command_line.h"
#include "core/app/known_root.h"
#include "core/app/report.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/chart/helm.h"
#include "core/stages/evidence.h"

namespace waybill::app {
namespace {

constexpr std::size_t kFileBytes = 64 * 1024 * 1024;

// Registries by repository, opened when first asked for.
class Registries {
 public:
  explicit Registries(Session& session) : session_(session) {}

  oci::Registry& operator()(const std::string& repository) {
    auto& registry = open_[repository];
    if (!registry)
      registry = std::make_unique<oci::Registry>(session_.http, oci::Repository::parse(repository), credentials());
    return *registry;
  }

 private:
  std::optional<oci::Credentials> credentials() const {
    const auto& inputs = session_.invocation.inputs;
    const auto password = inputs.find("registry-password");
    if (password == inputs.end() || password->second.empty()) return std::nullopt;
    return oci::Credentials{inputs.at("registry-user"), password->second};
  }

  Session& session_;
  std::map<std::string, std::unique_ptr<oci::Registry>> open_;
};

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
  const stages::Ports ports{
      .repository = session.git ? &*session.git : nullptr,
      .reader = session.app_forge ? &*session.app_forge : nullptr,
      .charts = helm ? &*helm : nullptr,
      .registry = [&registries](const std::string& repository,
                                const std::string& tag) { return registries(repository).manifest(tag); },
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
      .verified =
          [&session](const std::vector<lineage::Requirement>& wanted) {
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
  };
  stages::Job job{*session.facts, ports, session.invocation.inputs, {}, {}, lineage::Upstream::nothing()};
  if (stage.survey != nullptr) {
    stages::Survey survey = stage.survey(job);
    job.consignments = std::move(survey.due);
    job.set_aside = std::move(survey.set_aside);
    job.upstream = session.examiner->verify(stages::requirements(job, stage.name));
  }
  stages::Plan plan = stage.plan(job);
  if (session.examiner)
    if (std::string passed_over = session.examiner->passed_over(); !passed_over.empty())
      plan.note(std::move(passed_over));
  if (!session.applies()) return report_plan(session, plan);
  std::vector<Done> done;
  if (stage.needs != stages::Needs::kForge) return report(session, plan, done, {});
  Applier applier(session, job,
                  [&registries](const std::string& repository) -> oci::Registry& { return registries(repository); });
  std::size_t attested = 0;
  applier.apply(plan, [&](const Done& step) {
    const auto& receipts = applier.ledger().receipts();
    const std::string statement = receipts.size() > attested ? "  " + receipts.back().link.statement.text() : "";
    attested = receipts.size();
    session.log.line((step.already ? "already so: " : "done: ") + step.title + statement);
    done.push_back(step);
  });
  report(session, plan, done, applier.ledger());
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
