/*
 * `npm test`: everything that has to be true, in one go. Format, lint, the types of each room and the build count as
 * one each, and every test counts as one. The last line is `N passed, N failed`; tests that need ../shared or
 * Wireshark's tshark where they are missing are counted on the line before. A test that is skipped for any other reason has failed.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bootstrap, root } from "./bootstrap.mjs";
import { ensureChromium } from "./chromium.mjs";
import { installPackage, mayInstall, onPath } from "./system-package.mjs";
import { countTests } from "./count-tests.mjs";
import { typedRooms, typesCommand } from "./types.mjs";

/** Far more than each needs: what takes longer hangs. */
const gateLimitMs = 600_000;
const testsLimitMs = 2_400_000;
const total = { passed: 0, failed: 0, notRun: 0 };
const began = Date.now();
const reports = mkdtempSync(join(tmpdir(), "highwater-test-"));

bootstrap();
/** @param {string[]} path */
const tool = (...path) => join(root, "node_modules", ...path);
const prettier = tool("prettier", "bin", "prettier.cjs");
await atMostTwo([
  () => gate("format", [prettier, "--check", "--log-level", "warn", "."]),
  () => gate("lint", [tool("oxlint", "bin", "oxlint"), "--type-aware", "--deny-warnings"]),
  ...typedRooms().map((room) => () => gate(`types of ${room}`, typesCommand(room))),
]);
await gate("build", [tool("vite", "bin", "vite.js"), "build", "--logLevel", "warn"]);
// Only a machine for tests gets Wireshark's tshark; elsewhere the tests that use it may be left out.
if (process.env["CI"] === "true" && onPath(["tshark"]) === undefined && mayInstall())
  installPackage("tshark");
await tests("unit", {});
const chromium = ensureChromium();
if ("problem" in chromium) {
  console.log(`FAILED browser tests\n${chromium.problem}`);
  total.failed++;
} else {
  await tests("browser", { HIGHWATER_CHROMIUM: chromium.path });
}
rmSync(reports, { recursive: true, force: true });

console.log(`\n${seconds(began)} s`);
const sharedIsRequired = process.env["HIGHWATER_SHARED"] === "required";
if (sharedIsRequired) total.failed += total.notRun;
if (total.notRun > 0) console.log(`${total.notRun} not run (../shared or tshark is missing)`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

/**
 * Runs a Node program that succeeds or fails as a whole.
 * @param {string} name
 * @param {string[]} args
 */
async function gate(name, args) {
  const from = Date.now();
  const { code, output } = await run(args, {}, { isShown: false, limitMs: gateLimitMs });
  if (code === 0) total.passed++;
  else total.failed++;
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${name} (${seconds(from)} s)`);
  if (code !== 0) console.log(output);
}

/**
 * Runs one project of vitest and counts its tests.
 * @param {string} project
 * @param {Record<string, string>} env
 */
async function tests(project, env) {
  const report = join(reports, `${project}.json`);
  const args = ["run", "--project", project, "--allowOnly=false", "--reporter=default"];
  args.push("--reporter=json", `--outputFile.json=${report}`);
  console.log(`\n${project} tests`);
  const limits = { isShown: true, limitMs: testsLimitMs };
  const { code, output } = await run([tool("vitest", "vitest.mjs"), ...args], env, limits);
  const text = existsSync(report) ? readFileSync(report, "utf8") : undefined;
  const counted = countTests(text, code);
  for (const sentence of counted.problems) console.log(`FAILED ${sentence}${output}`);
  total.passed += counted.passed;
  total.failed += counted.failed;
  total.notRun += counted.notRun;
}

/**
 * @param {string[]} args
 * @param {Record<string, string>} env
 * @param {{ isShown: boolean, limitMs: number }} how isShown: what it prints goes to the terminal at once
 * @returns {Promise<{ code: number, output: string }>}
 */
function run(args, env, { isShown, limitMs }) {
  const from = Date.now();
  return new Promise((resolve) => {
    const stdio = isShown ? /** @type {const} */ ("inherit") : /** @type {const} */ ("pipe");
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", stdio, stdio],
      timeout: limitMs,
      killSignal: "SIGKILL",
    });
    let output = "";
    child.stdout?.on("data", (chunk) => (output += chunk));
    child.stderr?.on("data", (chunk) => (output += chunk));
    child.on("close", (code, signal) => {
      if (signal !== null) output += `\nended by ${signal} after ${seconds(from)} s`;
      resolve({ code: code ?? 1, output });
    });
  });
}

/**
 * Runs jobs two at a time, in order.
 * @param {(() => Promise<void>)[]} jobs
 */
async function atMostTwo(jobs) {
  const left = [...jobs];
  const worker = async () => {
    for (let job = left.shift(); job !== undefined; job = left.shift()) await job();
  };
  await Promise.all([worker(), worker()]);
}

/** @param {number} from */
function seconds(from) {
  return ((Date.now() - from) / 1000).toFixed(1);
}
