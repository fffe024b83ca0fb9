// Builds the lab and the deck into dist/, and knows whether that has to be done again.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./bootstrap.mjs";

const sources = ["core", "sim", "viz", "slides", "vite.config.ts", "package-lock.json"];
const built = ["index.html", "slides/index.html", "embed/index.html", "highwater-sim.js"];

/** Where the built pages are. */
export const dist = join(root, "dist");

/**
 * Whether dist/ was built after the last change of what it is built from.
 * @returns {boolean}
 */
export function pagesAreFresh() {
  const pages = built.map((page) => join(dist, page));
  if (!pages.every((page) => existsSync(page))) return false;
  const builtAt = Math.min(...pages.map((page) => statSync(page).mtimeMs));
  return sources.every((source) => newest(join(root, source)) <= builtAt);
}

/**
 * Builds the pages if they are not fresh.
 * @returns {{ ok: boolean, output: string }}
 */
export function buildPages() {
  if (pagesAreFresh()) return { ok: true, output: "" };
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const args = [vite, "build", "--logLevel", "warn"];
  const done = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  return { ok: done.status === 0, output: done.stdout + done.stderr };
}

/**
 * When a file, or anything in a folder, changed last.
 * @param {string} path
 * @returns {number}
 */
function newest(path) {
  if (!existsSync(path)) return 0;
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return readdirSync(path).reduce(
    (latest, entry) => Math.max(latest, newest(join(path, entry))),
    mtimeMs,
  );
}
