// The owner's and an App's scripts with Octokit: rules, attestations, deployments, a release, and a merge by the App.
//
// usage: tests/foreign/octokit_app.mjs, with NODE_FOLDER (where octokit lies), FORGE, OCTO, MARIA (their tokens), APP_ID and
// APP_KEY (a file)
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const { App, Octokit, RequestError } = await import(
  pathToFileURL(createRequire(process.env.NODE_FOLDER + "/").resolve("octokit")));
const { FORGE, OCTO, MARIA, APP_ID, APP_KEY } = process.env;
const Forge = Octokit.defaults({ baseUrl: FORGE + "/api/v3", retry: { enabled: false }, throttle: { enabled: false } });
const repository = { owner: "octo", repo: "charts" };
const owner = new Forge({ auth: OCTO });
const maria = new Forge({ auth: MARIA });

async function refused(status, text, asked) {
  await assert.rejects(asked, (error) => {
    assert.ok(error instanceof RequestError, String(error));
    assert.equal(error.status, status, error.message);
    assert.ok(error.message.includes(text), `"${error.message}" does not say "${text}"`);
    return true;
  });
}

async function asApp() {
  const app = new App({ appId: APP_ID, privateKey: readFileSync(APP_KEY, "utf8"), Octokit: Forge });
  assert.equal((await app.octokit.rest.apps.getAuthenticated()).data.slug, "waybill-release");
  const { data: installation } = await app.octokit.rest.apps.getRepoInstallation(repository);
  return app.getInstallationOctokit(installation.id);
}

async function branchByApp(bot, branch, path, content) {
  const { data: main } = await bot.rest.git.getRef({ ...repository, ref: "heads/main" });
  const { data: base } = await bot.rest.git.getCommit({ ...repository, commit_sha: main.object.sha });
  const { data: blob } = await bot.rest.git.createBlob({ ...repository, content: btoa(content), encoding: "base64" });
  assert.equal(blob.sha, createHash("sha1").update(`blob ${content.length}\0${content}`).digest("hex"));
  const { data: tree } = await bot.rest.git.createTree({
    ...repository, base_tree: base.tree.sha, tree: [{ path, mode: "100644", type: "blob", sha: blob.sha }] });
  const { data: commit } = await bot.rest.git.createCommit({
    ...repository, message: `set ${path}`, tree: tree.sha, parents: [main.object.sha] });
  assert.equal(commit.verification.verified, true, "the forge signs what an App commits");
  await bot.rest.git.createRef({ ...repository, ref: `refs/heads/${branch}`, sha: commit.sha });
  // Octokit escapes the slash; the same reference with it as it is.
  const { data: escaped } = await bot.rest.git.getRef({ ...repository, ref: `heads/${branch}` });
  const { data: plain } = await bot.request(`GET /repos/octo/charts/git/ref/heads/${branch}`);
  assert.deepEqual(escaped, plain);
  assert.equal(escaped.object.sha, commit.sha);
  assert.equal((await bot.rest.repos.getBranch({ ...repository, branch })).data.commit.sha, commit.sha);
  return commit.sha;
}

async function mergeByApp(bot) {
  const branch = "octokit/web/1.2.0";
  const head = await branchByApp(bot, branch, "charts/web/values.yaml", "replicas: 2\n");
  const { data: pull } = await bot.rest.pulls.create({ ...repository, title: "values", head: branch, base: "main", body: "" });
  assert.equal(pull.user.login, "waybill-release[bot]");
  const { data: check } = await bot.rest.checks.create({ ...repository, name: "foreign/values", head_sha: head, conclusion: "success" });
  assert.equal(check.status, "completed");
  const { data: checks } = await maria.rest.checks.listForRef({ ...repository, ref: branch });
  assert.deepEqual(checks.check_runs.map((run) => [run.id, run.app.slug]), [[check.id, "waybill-release"]]);
  await refused(409, "Head branch was modified", bot.rest.pulls.merge({ ...repository, pull_number: pull.number, sha: "1".repeat(40) }));
  const { data: merged } = await bot.rest.pulls.merge({ ...repository, pull_number: pull.number, sha: head, merge_method: "merge" });
  assert.equal((await bot.rest.pulls.checkIfMerged({ ...repository, pull_number: pull.number })).status, 204);
  const { data: commit } = await bot.rest.repos.getCommit({ ...repository, ref: merged.sha });
  assert.equal(commit.parents[1].sha, head);
  const { data: brought } = await bot.rest.repos.listPullRequestsAssociatedWithCommit({ ...repository, commit_sha: head });
  assert.deepEqual(brought.map((each) => each.number), [pull.number]);
  await bot.rest.git.deleteRef({ ...repository, ref: `heads/${branch}` });
  await refused(404, "Not Found", bot.rest.git.getRef({ ...repository, ref: `heads/${branch}` }));
  return merged.sha;
}

async function pages() {
  const all = await maria.paginate(maria.rest.pulls.list, { ...repository, state: "all", per_page: 1 });
  assert.ok(all.length > 2, `${all.length} pull requests`);
  assert.deepEqual(all.map((pull) => pull.number), [...all.map((pull) => pull.number)].sort((a, b) => b - a), "newest first");
  const { data: branches } = await maria.rest.repos.listBranches({ ...repository, per_page: 100 });
  assert.ok(branches.some((branch) => branch.name === "main"));
  const { headers } = await maria.rest.repos.get(repository);
  await refused(304, "", maria.rest.repos.get({ ...repository, headers: { "if-none-match": headers.etag } }));
}

function bundleAbout(digest) {
  const statement = {
    _type: "https://in-toto.io/Statement/v1", predicateType: "https://example.com/foreign/v1", predicate: {},
    subject: [{ name: "web-1.2.0.tgz", digest: { sha256: digest } }] };
  return {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json", verificationMaterial: {},
    dsseEnvelope: {
      payloadType: "application/vnd.in-toto+json", payload: btoa(JSON.stringify(statement)), signatures: [{ sig: "AA==" }] } };
}

async function attestations() {
  const digest = createHash("sha256").update("web 1.2.0").digest("hex");
  const subject_digest = `sha256:${digest}`;
  await refused(404, "Not Found", maria.rest.repos.listAttestations({ ...repository, subject_digest }));
  const bundle = bundleAbout(digest);
  const { data: stored, status } = await maria.rest.repos.createAttestation({ ...repository, bundle });
  assert.equal(status, 201);
  assert.equal(typeof stored.id, "number");
  const { data } = await maria.rest.repos.listAttestations({ ...repository, subject_digest, predicate_type: "https://example.com/foreign/v1" });
  assert.equal(data.attestations.length, 1);
  assert.deepEqual((await maria.request(`GET ${data.attestations[0].bundle_url}`)).data, bundle);
  await refused(422, "Validation Failed", maria.rest.repos.createAttestation({ ...repository, bundle: { ...bundle, dsseEnvelope: {} } }));
}

async function rules() {
  const body = {
    ...repository, name: "foreign tags", target: "tag", enforcement: "active", rules: [{ type: "deletion" }, { type: "update" }],
    conditions: { ref_name: { include: ["refs/tags/foreign-*"], exclude: [] } } };
  await refused(403, "Resource not accessible", maria.rest.repos.createRepoRuleset(body));
  const { data: made } = await owner.rest.repos.createRepoRuleset(body);
  const { data: listed } = await maria.rest.repos.getRepoRulesets(repository);
  assert.deepEqual(listed.map((ruleset) => ruleset.name), ["foreign tags"]);
  const { data: read } = await maria.rest.repos.getRepoRuleset({ ...repository, ruleset_id: made.id });
  assert.deepEqual(read.rules.map((rule) => rule.type), ["deletion", "update"]);
  await owner.rest.repos.updateRepoRuleset({ ...body, ruleset_id: made.id, rules: [{ type: "deletion" }] });
  const { data: main } = await maria.rest.git.getRef({ ...repository, ref: "heads/main" });
  await maria.rest.git.createRef({ ...repository, ref: "refs/tags/foreign-1", sha: main.object.sha });
  await refused(422, "Repository rule violations found", maria.rest.git.deleteRef({ ...repository, ref: "tags/foreign-1" }));
  await owner.rest.repos.deleteRepoRuleset({ ...repository, ruleset_id: made.id });
  await maria.rest.git.deleteRef({ ...repository, ref: "tags/foreign-1" });
}

async function releases(sha) {
  const wish = { ...repository, tag_name: "web-1.2.0", target_commitish: sha, name: "web 1.2.0", draft: true };
  const { data: draft } = await maria.rest.repos.createRelease(wish);
  await refused(404, "Not Found", maria.rest.repos.getReleaseByTag({ ...repository, tag: "web-1.2.0" }));
  const content = "not much of a package";
  const { data: asset } = await maria.rest.repos.uploadReleaseAsset({
    ...repository, url: draft.upload_url, release_id: draft.id, name: "web+1.tgz", data: content,
    headers: { "content-type": "application/gzip" } });
  assert.equal(asset.name, "web.1.tgz", "what is no letter becomes a dot");
  assert.equal(asset.digest, "sha256:" + createHash("sha256").update(content).digest("hex"));
  await maria.rest.repos.updateRelease({ ...repository, release_id: draft.id, draft: false });
  const { data: published } = await maria.rest.repos.getReleaseByTag({ ...repository, tag: "web-1.2.0" });
  assert.deepEqual([published.draft, published.assets.map((each) => each.id)], [false, [asset.id]]);
  const { data: bytes } = await maria.rest.repos.getReleaseAsset({
    ...repository, asset_id: asset.id, headers: { accept: "application/octet-stream" } });
  assert.equal(Buffer.from(bytes).toString(), content);
  assert.equal((await maria.rest.git.getRef({ ...repository, ref: "tags/web-1.2.0" })).data.object.sha, sha);
  await refused(422, "already_exists", maria.rest.repos.createRelease(wish));
}

async function deployments(sha) {
  const { data: made } = await maria.rest.repos.createDeployment({
    ...repository, ref: sha, environment: "registry", auto_merge: false, required_contexts: [], payload: { chart: "web" } });
  await maria.rest.repos.createDeploymentStatus({ ...repository, deployment_id: made.id, state: "success" });
  const { data: listed } = await maria.rest.repos.listDeployments({ ...repository, sha, environment: "registry" });
  assert.deepEqual(listed.map((each) => [each.id, each.payload.chart]), [[made.id, "web"]]);
  const { data: statuses } = await maria.rest.repos.listDeploymentStatuses({ ...repository, deployment_id: made.id });
  assert.deepEqual(statuses.map((status) => status.state), ["success"]);
}

async function dispatches() {
  await maria.rest.actions.createWorkflowDispatch({ ...repository, workflow_id: "greet.yml", ref: "main", inputs: { chart: "none" } });
  for (let tries = 0; tries < 200; ++tries) {
    const { data } = await maria.rest.actions.listWorkflowRuns({ ...repository, workflow_id: "greet.yml", status: "failure" });
    if (data.total_count === 1) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail("the run that should fail did not end");
}

assert.equal((await maria.rest.users.getAuthenticated()).data.login, "maria");
const sha = await mergeByApp(await asApp());
await pages();
await attestations();
await rules();
await releases(sha);
await deployments(sha);
await dispatches();
await refused(404, "Not Found", maria.rest.pulls.get({ ...repository, pull_number: 999 }));
await refused(401, "Bad credentials", new Forge({ auth: "nobody" }).rest.repos.get(repository));
