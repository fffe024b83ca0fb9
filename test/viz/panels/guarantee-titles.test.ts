import { expect, test } from "vitest";
import { guarantees } from "#sim";
import { titleOf } from "../../../viz/panels/guarantee-titles.ts";

test("what is short for something is written in capitals on a card", () => {
  const titles = guarantees.map(({ id }) => titleOf(id));
  expect(titles).toContain("ISR shrinks late");
  for (const title of titles) expect(title).not.toMatch(/\b([Ii]sr|[Hh]w|[Ll]so|[Ee]lr)\b/);
});
