import { expect, test } from "vitest";
import { parseProperties } from "../../core/log/text-file.ts";

test("properties are the lines with an equals sign that are no comments", () => {
  const text =
    "#Mon Jan 01 00:00:00 UTC 2024\n#cluster.id=old\n\nversion=1\ncluster.id = a=b\nword\n";
  expect([...parseProperties(text)]).toEqual([
    ["version", "1"],
    ["cluster.id", "a=b"],
  ]);
});
