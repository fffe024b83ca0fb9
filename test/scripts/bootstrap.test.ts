import { describe, expect, test } from "vitest";
import { missing } from "../../scripts/bootstrap.mjs";

const wanted = {
  "": { version: "0.1.0" },
  "node_modules/a": { version: "1.0.0", integrity: "x" },
  "node_modules/a-on-another-platform": { version: "1.0.0", integrity: "y", optional: true },
};

describe("what has to be installed", () => {
  test("nothing, where every package is there that this platform needs", () => {
    expect(missing(wanted, { "node_modules/a": wanted["node_modules/a"] })).toEqual([]);
  });

  test.each([
    ["a package that is not there", {}],
    ["an older version", { "node_modules/a": { version: "0.9.0", integrity: "x" } }],
    ["other content", { "node_modules/a": { version: "1.0.0", integrity: "z" } }],
  ])("%s", (_, installed) => {
    expect(missing(wanted, installed)).toEqual(["node_modules/a"]);
  });

  test("an optional package in an older version", () => {
    const installed = {
      "node_modules/a": wanted["node_modules/a"],
      "node_modules/a-on-another-platform": { version: "0.1.0", integrity: "w" },
    };
    expect(missing(wanted, installed)).toEqual(["node_modules/a-on-another-platform"]);
  });
});
