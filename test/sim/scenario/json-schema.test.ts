import { format } from "prettier";
import { expect, test } from "vitest";
import { scenarioJsonSchema } from "../../../sim/scenario/json-schema.ts";

test("schema/scenario.schema.json is what the checker's schema says", async () => {
  const printed = await format(JSON.stringify(scenarioJsonSchema()), {
    parser: "json",
    printWidth: 100,
  });
  // `npx vitest run -u` writes it anew.
  await expect(printed).toMatchFileSnapshot("../../../schema/scenario.schema.json");
});
