import fc from "fast-check";
import type { Fault } from "../../../sim/scenario/schema.ts";

/** Milliseconds with three decimals, well within a toy scenario. */
export const moment = fc.integer({ min: 0, max: 110_000 }).map((micros) => micros / 1000);

const server = fc.constantFrom("b1", "b2");
const node = fc.constantFrom("b1", "b2", "p1", "p2");
const forMs = fc.option(fc.integer({ min: 1, max: 40_000 }).map((micros) => micros / 1000));

const nodeFault = fc
  .record({
    type: fc.constantFrom("stop", "crash", "powerLoss", "pause"),
    atMs: moment,
    forMs,
    target: fc.oneof(
      node.map((name) => ({ node: name })),
      fc.constantFrom({ role: "brokers" }, { nodes: ["b1", "b2"] }),
    ),
  })
  .map(({ forMs: after, ...fault }) => (after === null ? fault : { ...fault, forMs: after }));

const restart = fc.record({
  type: fc.constant("restart"),
  atMs: moment,
  target: server.map((name) => ({ node: name })),
});

const linkFault = fc
  .record({
    type: fc.constantFrom("cut", "cut", "reset"),
    atMs: moment,
    forMs,
    between: fc.oneof(
      fc.tuple(node, server).map(([a, b]) => [{ node: a }, { node: b }]),
      server.map((name) => [{ node: name }, { others: true }]),
    ),
  })
  .map(({ forMs: after, ...fault }) =>
    after === null || fault.type === "reset" ? fault : { ...fault, forMs: after },
  );

/** Any fault of a toy scenario. */
export const fault = fc.oneof(nodeFault, restart, linkFault) as fc.Arbitrary<Fault>;

export const faults = fc.array(fault, { maxLength: 6 });

export const seed = fc.stringMatching(/^[a-z0-9]{1,6}$/);
