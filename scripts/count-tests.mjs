// Reads vitest's JSON report so that nothing which did not run can pass for a pass.

/** What the name of a group starts with whose tests need ../shared or tshark (test/support writes it). */
const markers = ["beside ../shared: ", "with tshark: "];

/**
 * @typedef {{ status: string, fullName: string, ancestorTitles: string[] }} TestReport
 * @typedef {{ name: string, status: string, message?: string, assertionResults: TestReport[] }} FileReport
 * @typedef {{ passed: number, failed: number, notRun: number, problems: string[] }} Count
 */

/**
 * Counts the tests of one run.
 * - A file that could not be collected counts as one failure.
 * - A test that was skipped counts as not run in a group that needs ../shared or tshark, and as a failure anywhere else.
 * - A run without a report, without a test, or that failed for a reason no test shows, counts as one failure.
 * @param {string | undefined} report the report's text, or undefined where none was written
 * @param {number} code vitest's exit code
 * @returns {Count}
 */
export function countTests(report, code) {
  const count = { passed: 0, failed: 0, notRun: 0, problems: /** @type {string[]} */ ([]) };
  const fail = (/** @type {string} */ sentence) => {
    count.failed++;
    count.problems.push(sentence);
  };
  if (report === undefined) {
    fail(`the tests ended with code ${code} and left no report`);
    return count;
  }
  const { testResults } = /** @type {{ testResults: FileReport[] }} */ (JSON.parse(report));
  for (const file of testResults) {
    const failedBefore = count.failed;
    for (const test of file.assertionResults) {
      if (test.status === "passed") count.passed++;
      else if (test.status === "failed") fail(test.fullName);
      else if (test.ancestorTitles.some((title) => markers.some((one) => title.startsWith(one))))
        count.notRun++;
      else fail(`${test.fullName}: ${test.status}, and nothing may be skipped`);
    }
    if (file.status === "failed" && count.failed === failedBefore) {
      fail(`${file.name}: ${file.message ?? "could not be collected"}`);
    }
  }
  if (count.passed + count.failed + count.notRun === 0) fail("there was no test to run");
  if (code !== 0 && count.failed === 0) fail(`the tests ended with code ${code}`);
  return count;
}
