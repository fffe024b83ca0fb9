/*
 * Some tests compare Highwater with texts that stand beside the checkout, in `../shared`: Kafka's message
 * definitions and recorded bytes. A clone without that folder cannot run them; they then report themselves as not
 * run, and `npm test` counts them apart. With HIGHWATER_SHARED=required they fail instead. Any other test that is
 * skipped makes `npm test` fail, so the marker below is the only way not to run.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

/** The absolute path of `../shared`, without a slash at its end, whether it is there or not. */
export const shared = fileURLToPath(new URL("../../../shared", import.meta.url));

/** Whether `../shared` is there. */
export const sharedIsHere = existsSync(shared);

/** What the name of a group starts with whose tests need `../shared`; scripts/test.mjs looks for it. */
export const sharedMarker = "beside ../shared: ";

/**
 * `describe` for tests that read `../shared`. `body` gets the folder's path. It may read the folder while tests are
 * collected (`test.each(readdirSync(...))`): where the folder is missing and reading throws, one test stands for the
 * whole group.
 */
export function describeShared(name: string, body: (shared: string) => void): void {
  if (sharedIsHere) {
    describe(sharedMarker + name, () => body(shared));
  } else if (process.env["HIGHWATER_SHARED"] === "required") {
    describe(sharedMarker + name, () => {
      test("../shared is there", () => expect(sharedIsHere).toBe(true));
    });
  } else {
    describe.skip(sharedMarker + name, () => {
      try {
        body(shared);
      } catch {
        test("whatever ../shared would list", () => expect(sharedIsHere).toBe(true));
      }
    });
  }
}
