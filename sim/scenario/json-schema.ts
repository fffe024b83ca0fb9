import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import { scenarioSchema } from "./schema.ts";

/**
 * The published JSON Schema of a scenario as a file may hold it: what has a default may be absent. It cannot say
 * which names must exist, nor that times have at most three decimals; parseScenario checks those too.
 */
export const scenarioJsonSchema = (): JsonSchema => ({
  title: "Highwater scenario",
  ...toJsonSchema(scenarioSchema, { typeMode: "input", ignoreActions: ["check"] }),
});
