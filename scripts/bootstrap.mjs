// Installs what the lock file names, if it is not there already. Needs nothing but Node and npm.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const oldestNode = [20, 19];

/**
 * Prints one sentence and ends the process.
 * @param {string} sentence
 * @param {number} [code]
 * @returns {never}
 */
export function giveUp(sentence, code = 3) {
  console.error(sentence);
  process.exit(code);
}

/** Makes sure that Node is new enough and that every package of the lock file is installed in its version. */
export function bootstrap() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    giveUp(`Highwater needs Node ${oldestNode.join(".")} or newer; this is ${process.version}.`);
  }
  if (isInstalled()) return;
  console.error("Installing what package-lock.json names ...");
  const done = spawnSync("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"], {
    cwd: root,
    // What npm prints is of use to a person only; standard output may be read by a program.
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (done.error !== undefined) {
    giveUp(`npm could not be started (${done.error.message}); is it on the PATH?`);
  }
  if (done.status !== 0) {
    giveUp("npm ci failed (see above); is the package registry within reach? Then try again.");
  }
  if (!isInstalled()) {
    giveUp("npm ci ended well, but not every package of package-lock.json is in node_modules.");
  }
}

/**
 * Whether node_modules holds what package-lock.json names. npm writes down what it installed only when it is done,
 * so an install that was cut short counts as none.
 * @returns {boolean}
 */
function isInstalled() {
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  return missing(packages(join(root, "package-lock.json")), packages(installed)).length === 0;
}

/**
 * Paths of the packages that are wanted and not installed, or installed in another version. Optional packages may be
 * missing: they are those of other platforms.
 * @param {Record<string, LockedPackage>} wanted
 * @param {Record<string, LockedPackage>} installed
 * @returns {string[]}
 */
export function missing(wanted, installed) {
  return Object.entries(wanted)
    .filter(([path, { version, integrity, optional }]) => {
      if (path === "") return false;
      const found = installed[path];
      if (found === undefined) return optional !== true;
      return found.version !== version || found.integrity !== integrity;
    })
    .map(([path]) => path);
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockedPackage
 * @param {string} path
 * @returns {Record<string, LockedPackage>}
 */
function packages(path) {
  const lock = /** @type {{ packages?: Record<string, LockedPackage> }} */ (
    JSON.parse(readFileSync(path, "utf8"))
  );
  return lock.packages ?? {};
}

if (process.argv[1] === fileURLToPath(import.meta.url)) bootstrap();
