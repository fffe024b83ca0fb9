import { defineConfig } from "vitest/config";

const unit = {
  name: "unit",
  include: ["test/**/*.test.ts"],
  exclude: ["test/browser/**"],
  setupFiles: ["test/support/fast-check.ts"],
  testTimeout: 60_000,
  // The modules as Node loads them, as in the command line: rewritten ones run a world a third slower.
  experimental: { viteModuleRunner: false, nodeLoader: false },
  execArgv: ["--import", "tsx"],
  // No module of ours has state that one file of tests could leave to the next.
  isolate: false,
};
const browser = {
  name: "browser",
  include: ["test/browser/**/*.test.ts"],
  globalSetup: ["test/support/pages.ts"],
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // A page on a busy machine may take its time to come to what is waited for.
  expect: { poll: { timeout: 15_000 } },
};

export default defineConfig({
  test: {
    // All cores: most of the time goes into worlds that run.
    maxWorkers: "100%",
    projects: [{ test: unit }, { test: browser }],
  },
});
