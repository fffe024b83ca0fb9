import { describe, expect, test } from "vitest";
import { countTests } from "../../scripts/count-tests.mjs";
import { sharedMarker } from "../support/shared.ts";
import { tsharkMarker } from "../support/tshark.ts";

const file = (status: string, ...tests: [group: string, status: string][]): string =>
  JSON.stringify({
    testResults: [
      {
        name: "a.test.ts",
        status,
        message: "",
        assertionResults: tests.map(([group, testStatus]) => ({
          status: testStatus,
          ancestorTitles: [group],
          fullName: `${group} does it`,
        })),
      },
    ],
  });

describe("counting tests", () => {
  test("what passed and failed is counted", () => {
    const counted = countTests(file("failed", ["a", "passed"], ["b", "failed"]), 1);
    expect(counted).toEqual({ passed: 1, failed: 1, notRun: 0, problems: ["b does it"] });
  });

  test.each([sharedMarker, tsharkMarker])("a test skipped for want of %s did not run", (marker) => {
    const counted = countTests(file("passed", [`${marker}bytes`, "skipped"]), 0);
    expect(counted).toEqual({ passed: 0, failed: 0, notRun: 1, problems: [] });
  });

  test.each(["skipped", "pending", "todo", "disabled"])(
    "any other %s test has failed",
    (status) => {
      expect(countTests(file("passed", ["a", "passed"], ["a", status]), 0)).toMatchObject({
        passed: 1,
        failed: 1,
      });
    },
  );

  test("a file that cannot be collected is a failure", () => {
    expect(countTests(file("failed"), 1)).toMatchObject({ passed: 0, failed: 1 });
  });

  test("a run without a report or without a test is a failure", () => {
    expect(countTests(undefined, 137)).toMatchObject({ passed: 0, failed: 1 });
    expect(countTests(JSON.stringify({ testResults: [] }), 0)).toMatchObject({ failed: 1 });
  });

  test("an exit code that no test explains is a failure", () => {
    expect(countTests(file("passed", ["a", "passed"]), 1)).toMatchObject({ passed: 1, failed: 1 });
  });
});
