/*
 * Families by name. What draws is large: a module of its own lets a page load it when somebody asks for a drawn scenario.
 */
import { drawChains } from "./chains.ts";
import { drawFailover } from "./failover.ts";
import { drawHandovers } from "./handovers.ts";
import { drawQuorum } from "./quorum.ts";
import { drawReturns } from "./returns.ts";
import { drawStorm } from "./storm.ts";
import type { Scenario } from "../schema.ts";

/** Families: a seed gives one scenario. */
export const families: ReadonlyMap<string, (seed: string) => Scenario> = new Map([
  ["failover", drawFailover],
  ["chains", drawChains],
  ["storm", drawStorm],
  ["handovers", drawHandovers],
  ["returns", drawReturns],
  ["quorum", drawQuorum],
]);
