/*
 * `npm start`: runs the default scenario from its seed, sums it up, then serves the lab and the deck, which show the
 * same run. `npm start -- --no-serve` stops after the summary; `--port N` serves somewhere else.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bootstrap, giveUp, root } from "./bootstrap.mjs";
import { buildPages } from "./build.mjs";

const usage = "Usage: npm start -- [--no-serve] [--port N]";
const { serves, port } = readOptions();

bootstrap();
const tsx = import.meta.resolve("tsx");
const args = ["--import", tsx, join(root, "cli", "main.ts"), "run"];
const ran = spawnSync(process.execPath, args, { stdio: "inherit", cwd: root });
// A run that broke a promise (1) is worth watching; anything else that failed has nothing to show.
if (!serves || ran.status === null || ran.status > 1) process.exit(ran.status ?? 3);

const built = buildPages();
if (!built.ok) giveUp(`The lab and the deck could not be built:\n${built.output}`);
const { preview } = await import("vite");
try {
  const server = await preview({ root, logLevel: "warn", preview: { port, strictPort: true } });
  const address = server.resolvedUrls?.local[0] ?? `http://localhost:${port}/`;
  console.log(`\nLab   ${address}\nDeck  ${new URL("slides/", address).href}\nEnd with Ctrl+C.`);
} catch (error) {
  giveUp(
    isTaken(error)
      ? `Port ${port} is taken; choose another one: npm start -- --port ${port + 1}`
      : `The lab and the deck could not be served: ${String(error)}`,
  );
}

/**
 * What the command line asks for. An unknown option ends with a sentence and code 2.
 * @returns {{ serves: boolean, port: number }}
 */
function readOptions() {
  try {
    const { values } = parseArgs({
      options: { "no-serve": { type: "boolean" }, port: { type: "string" } },
    });
    const asked = Number(values.port ?? "4173");
    if (!Number.isInteger(asked) || asked < 1 || asked > 65_535) {
      giveUp(`--port takes a number from 1 to 65535, not ${String(values.port)}.\n${usage}`, 2);
    }
    return { serves: values["no-serve"] !== true, port: asked };
  } catch (error) {
    giveUp(`${error instanceof Error ? error.message : String(error)}\n${usage}`, 2);
  }
}

/** @param {unknown} error */
function isTaken(error) {
  if (!(error instanceof Error)) return false;
  return ("code" in error && error.code === "EADDRINUSE") || /already in use/.test(error.message);
}
