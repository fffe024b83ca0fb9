import { defineConfig } from "vitest/config";

const unit = {
  name: "unit",
  include: ["test/**/*.test.ts"],
  exclude: ["test/browser/**"],
  setupFiles: ["test/support/fast-check.ts"],
  testTimeout: 60_000,
};
const browser = {
  name: "browser",
  include: ["test/browser/**/*.test.ts"],
  globalSetup: ["test/support/pages.ts"],
  fileParallelism: false,
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    projects: [{ test: unit }, { test: browser }],
  },
});
