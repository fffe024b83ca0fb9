// Builds the lab and the deck into dist/, and knows whether that has to be done again. `npm run build` runs it.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./bootstrap.mjs";
import { oneFilePages } from "./one-file.mjs";

const sources = [
  "core",
  "sim",
  "viz",
  "slides",
  "vite.config.ts",
  "scripts/one-file.mjs",
  "scripts/tree-shaking.mjs",
  "package-lock.json",
];
const served = [
  "index.html",
  "slides/index.html",
  "embed/index.html",
  "gallery/index.html",
  "highwater-sim.js",
];
const ofOneFile = oneFilePages.map(({ file }) => file);

/** Where the built pages are. */
export const dist = join(root, "dist");

/**
 * Whether pages in dist/ were built after the last change of what they are built from.
 * @param {readonly string[]} pages
 * @returns {boolean}
 */
function areFresh(pages) {
  const paths = pages.map((page) => join(dist, page));
  if (!paths.every((page) => existsSync(page))) return false;
  const builtAt = Math.min(...paths.map((page) => statSync(page).mtimeMs));
  return sources.every((source) => newest(join(root, source)) <= builtAt);
}

/**
 * Builds the pages that are served, unless they are fresh.
 * @returns {{ ok: boolean, output: string }}
 */
export function buildPages() {
  if (areFresh(served)) return { ok: true, output: "" };
  return ran([vite, "build", "--logLevel", "warn"], "pipe");
}

/**
 * Builds the pages that are served and those of one file, unless all are fresh.
 * @returns {{ ok: boolean, output: string }}
 */
export function buildAll() {
  const built = buildPages();
  if (!built.ok || areFresh(ofOneFile)) return built;
  return ran([oneFile], "pipe");
}

const vite = join(root, "node_modules", "vite", "bin", "vite.js");
const oneFile = join(root, "scripts", "one-file.mjs");

/**
 * @param {readonly string[]} args
 * @param {"pipe" | "inherit"} stdio
 * @returns {{ ok: boolean, output: string }}
 */
function ran(args, stdio) {
  const done = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8", stdio });
  return { ok: done.status === 0, output: (done.stdout ?? "") + (done.stderr ?? "") };
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const ok = ran([vite, "build"], "inherit").ok && ran([oneFile], "inherit").ok;
  process.exitCode = ok ? 0 : 1;
}
