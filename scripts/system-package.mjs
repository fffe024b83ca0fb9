// Programs that tests use and that come with the system: finds them, and where that is allowed installs them.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";

/**
 * The first program of that name, or of one of those names, on the PATH.
 * @param {readonly string[]} names
 */
export function onPath(names) {
  const folders = (process.env["PATH"] ?? "").split(process.platform === "win32" ? ";" : ":");
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isProgram);
}

/** @param {string} path */
export function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether this is root on Debian, or a machine for tests (CI=true). */
export function mayInstall() {
  if (!existsSync("/usr/bin/apt-get")) return false;
  const rootOnDebian = process.getuid?.() === 0 && existsSync("/etc/debian_version");
  return rootOnDebian || process.env["CI"] === "true";
}

/**
 * Installs a package of the system; returns the command that failed, if one did.
 * @param {string} name
 */
export function installPackage(name) {
  const before = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  for (const command of [
    ["apt-get", "update"],
    ["apt-get", "install", "-y", "--no-install-recommends", name],
  ]) {
    const [program = "", ...args] = [...before, ...command];
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const done = spawnSync(program, args, { stdio: ["ignore", 2, 2], env });
    if (done.status !== 0) return command.join(" ");
  }
  return undefined;
}
