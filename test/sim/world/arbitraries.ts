import fc from "fast-check";
import type { Fault } from "../../../sim/scenario/schema.ts";

/** Milliseconds with three decimals, well within a toy scenario. */
export const moment = fc.integer({ min: 0, max: 110_000 }).map((micros) => micros / 1000);

const server = fc.constantFrom("b1", "b2");
const node = fc.constantFrom("b1", "b2", "p1", "p2");
const forMs = fc.option(fc.integer({ min: 1, max: 40_000 }).map((micros) => micros / 1000));

/** Now and then a fault waits for the disk of a server to be written. */
const when = fc.option(
  fc.record({
    event: fc.constant("diskWrite" as const),
    node: server,
    afterMs: fc.constantFrom(0, 0.003, 5),
  }),
  { freq: 3 },
);

const target = fc.oneof(
  node.map((name) => ({ node: name })),
  fc.constantFrom({ role: "brokers" }, { nodes: ["b1", "b2"] }, { rack: "r1" }),
);

const timing = fc
  .record({ atMs: moment, forMs, when })
  .map(({ atMs, forMs: lasts, when: waits }) => ({
    atMs,
    ...(lasts === null ? {} : { forMs: lasts }),
    ...(waits === null ? {} : { when: waits }),
  }));

/** What a node fault of each kind says besides whom and when. */
const nodeKinds = fc.constantFrom(
  ...[
    "stop",
    "crash",
    "powerLoss",
    "pause",
    "emptyDisk",
    "diskFull",
    "diskError",
    "lyingFsync",
    "bitRot",
  ].map((type) => ({ type })),
  { type: "slow", stepMs: 0.4 },
  { type: "clockStep", byMs: -1500 },
  { type: "clockDrift", ppm: 40_000 },
  { type: "diskLatency", times: 7 },
  { type: "rollingRestart", eachMs: 3 },
);

const momentary = ["rollingRestart", "bitRot"];

const nodeFault = fc
  .tuple(nodeKinds, timing, target)
  .map(([kind, { forMs: lasts, ...times }, whom]) => ({
    ...kind,
    ...times,
    ...(lasts === undefined || momentary.includes(kind.type) ? {} : { forMs: lasts }),
    target: whom,
  }));

const restart = fc.record({
  type: fc.constant("restart"),
  atMs: moment,
  target: server.map((name) => ({ node: name })),
});

const between = fc.oneof(
  fc.tuple(node, server).map(([a, b]) => [{ node: a }, { node: b }]),
  server.map((name) => [{ node: name }, { others: true }]),
);

const linkKinds = fc.constantFrom(
  { type: "cut" },
  { type: "cut" },
  { type: "cut", oneWay: true },
  { type: "delay", addMs: [0.1, 3] },
  { type: "slowLink", bytesPerMs: 50, oneWay: true },
);

const linkFault = fc
  .tuple(linkKinds, timing, between)
  .map(([kind, times, sides]) => ({ ...kind, ...times, between: sides }));

const endOfConnections = fc
  .tuple(fc.constantFrom("reset", "blackHole"), moment, between)
  .map(([type, atMs, sides]) => ({ type, atMs, between: sides }));

/** Any fault of a toy scenario. */
export const fault = fc.oneof(
  { weight: 3, arbitrary: nodeFault },
  { weight: 1, arbitrary: restart },
  { weight: 2, arbitrary: linkFault },
  { weight: 1, arbitrary: endOfConnections },
) as fc.Arbitrary<Fault>;

export const faults = fc.array(fault, { maxLength: 6 });

export const seed = fc.stringMatching(/^[a-z0-9]{1,6}$/);
