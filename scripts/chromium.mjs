// Finds a Chromium for the browser tests, and where that is allowed installs the system's own.
import { fileURLToPath } from "node:url";
import { installPackage, isProgram, mayInstall, onPath } from "./system-package.mjs";

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
  return onPath(names) ?? elsewhere.find(isProgram);
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
  const failed = installPackage("chromium");
  if (failed !== undefined) return { problem: `${failed} failed. ${advice}` };
  const installed = findChromium();
  return installed === undefined ? { problem: advice } : { path: installed };
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
