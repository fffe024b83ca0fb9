// Finds a Chromium for the browser tests, and where that is allowed installs the system's own.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const elsewhere = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
  "/opt/google/chrome/chrome",
  "/snap/bin/chromium",
];
const advice =
  "The browser tests need Chromium or Chrome: install one, or name one in HIGHWATER_CHROMIUM.";

/**
 * The path of a Chromium or Chrome on this machine, if there is one.
 * @returns {string | undefined}
 */
export function findChromium() {
  const named = process.env["HIGHWATER_CHROMIUM"];
  if (named !== undefined && named !== "") return isProgram(named) ? named : undefined;
  const folders = (process.env["PATH"] ?? "").split(process.platform === "win32" ? ";" : ":");
  const onPath = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, ...elsewhere].find(isProgram);
}

/**
 * Finds a Chromium; where there is none, and this is root on Debian or a machine for tests (CI=true), installs the
 * system's package.
 * @returns {{ path: string } | { problem: string }}
 */
export function ensureChromium() {
  const found = findChromium();
  if (found !== undefined) return { path: found };
  const named = process.env["HIGHWATER_CHROMIUM"];
  if (named !== undefined && named !== "") {
    return { problem: `HIGHWATER_CHROMIUM names ${named}, which is no program that can be run.` };
  }
  if (!mayInstall()) return { problem: advice };
  console.error("Installing the system's Chromium ...");
  const before = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  for (const command of [
    ["apt-get", "update"],
    ["apt-get", "install", "-y", "--no-install-recommends", "chromium"],
  ]) {
    const [program = "", ...args] = [...before, ...command];
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const done = spawnSync(program, args, { stdio: ["ignore", 2, 2], env });
    if (done.status !== 0) return { problem: `${command.join(" ")} failed. ${advice}` };
  }
  const installed = findChromium();
  return installed === undefined ? { problem: advice } : { path: installed };
}

function mayInstall() {
  if (!existsSync("/usr/bin/apt-get")) return false;
  const rootOnDebian = process.getuid?.() === 0 && existsSync("/etc/debian_version");
  return rootOnDebian || process.env["CI"] === "true";
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const chromium = ensureChromium();
  if ("problem" in chromium) {
    console.error(chromium.problem);
    process.exitCode = 1;
  } else {
    console.log(chromium.path);
  }
}
