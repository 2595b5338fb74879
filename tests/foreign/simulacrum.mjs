// Starts the simulator on the loopback: by itself it listens everywhere, and on a port of its choice.
// usage: tests/foreign/simulacrum.mjs FOLDER PORT
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, port] = process.argv.slice(2);
const { simulation } = await import(pathToFileURL(createRequire(folder + "/").resolve("@simulacrum/github-api-simulator")));
await simulation().listen(Number(port), "127.0.0.1");
