// What passed, by GitHub's own names for its operations, as Octokit lists them: which of whom, how often, and which was
// never answered with what was asked for. Fails on a request that has no name, and where somebody has fewer operations
// than are wanted.
//
// usage: tests/foreign/operations.mjs RECORD NAME=LEAST…, with NODE_FOLDER; NAME begins what a line's `client` says
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const octokit = createRequire(process.env.NODE_FOLDER + "/").resolve("octokit");
const { default: endpoints } = await import(pathToFileURL(octokit.replace(
  /octokit\/[^/]*\/[^/]*$/, "@octokit/plugin-rest-endpoint-methods/dist-src/generated/endpoints.js")));

// A path's literal parts stand for themselves; what may hold slashes matches them.
function pattern(path) {
  const text = path.replace(/\{\?.*/, "").replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp(`^${text.replace(/\{(ref|path|tag|branch)\}/g, "(.+)").replace(/\{\w+\}/g, "([^/]+)")}$`);
}

const operations = Object.entries(endpoints).flatMap(([subject, methods]) =>
  Object.entries(methods).filter(([, [, , later]]) => !later?.renamed).map(([name, [route]]) => {
    const [method, path] = route.split(" ");
    return { name: `${subject}/${name}`, method, path: pattern(path), literal: path.replace(/\{[^}]*\}/g, "").length };
  }));

function operation({ method, path }) {
  const asked = method === "HEAD" ? "GET" : method;
  let api = decodeURIComponent(path).replace(/^\/api\/(v3|uploads)/, "");
  if (asked === "GET") api = api.replace(/\/statuses\/(.+)$/, "/commits/$1/statuses");  // the legacy route to the same
  return operations.filter((each) => each.method === asked && each.path.test(api))
    .sort((a, b) => b.literal - a.literal)[0]?.name;
}

const [record, ...wanted] = process.argv.slice(2);
const columns = wanted.map((each) => ({ name: each.split("=")[0], least: Number(each.split("=")[1]), seen: new Map(), requests: 0 }));
const nameless = new Set();
for (const line of readFileSync(record, "utf8").trim().split("\n").map((text) => JSON.parse(text))) {
  const column = columns.find(({ name }) => line.client.startsWith(name));
  if (!column) throw new Error(`${line.client} is nobody's name`);
  if (line.path.startsWith("/attestation-bundles/")) continue;  // on a host of its own at GitHub, not the API
  ++column.requests;
  const name = operation(line);
  if (!name) nameless.add(`${line.client} sent ${line.method} ${line.path}`);
  else column.seen.set(name, (column.seen.get(name) ?? 0) + (line.status < 400 ? 1 : 0));
}

const names = [...new Set(columns.flatMap(({ seen }) => [...seen.keys()]))].sort();
const wide = Math.max(...names.map((name) => name.length)) + 2;
const width = (column) => Math.max(column.name.length, 7) + 2;
const row = (first, cell) => console.log(first.padEnd(wide) + columns.map((column) => String(cell(column)).padStart(width(column))).join(""));
const covered = ({ seen }) => [...seen.values()].filter((count) => count > 0).length;
row("operation", ({ name }) => name);
for (const name of names) row(name, ({ seen }) => (seen.has(name) ? seen.get(name) || "refused" : "-"));
row(`${names.length} operations, answered to`, covered);
row("requests", ({ requests }) => requests);
const uncovered = names.filter((name) => columns.every(({ seen }) => !seen.get(name)));
console.log(`answered to nobody: ${uncovered.join(", ") || "none"}`);
for (const text of nameless) console.log(`no operation of GitHub: ${text}`);
const few = columns.filter((column) => covered(column) < column.least);
for (const column of few) console.log(`${column.name} has ${covered(column)} operations, ${column.least} are wanted`);
process.exit(nameless.size > 0 || few.length > 0 ? 1 : 0);
