/*
 * What it costs to copy and to hash a world whose logs hold 10 MB, beside structuredClone of the same world and
 * SHA-256 over as many bytes.
 */
import { createHash } from "node:crypto";
import {
  copyWorld,
  createWorld,
  hashWorld,
  kafkaMachines,
  newRuntime,
  parseScenario,
  type SealedHashes,
  stepWorld,
  type World,
} from "#sim";
import { perSecond, ratio } from "./measure.ts";

const logBytes = 10_000_000;
const copies = 3;

/** Runs 3 brokers with 3 partitions until their logs hold 10 MB in all. */
function filledWorld(): World {
  const world = createWorld(
    parseScenario({
      version: 1,
      name: "bench",
      seed: "bench",
      durationMs: 600_000,
      cluster: { brokers: [{ id: 1 }, { id: 2 }, { id: 3 }] },
      topics: [{ name: "orders", partitions: 3, replicationFactor: copies }],
      workload: {
        producers: [
          {
            name: "p1",
            topic: "orders",
            startMs: 5000,
            endMs: 600_000,
            intervalMs: [2, 2],
            keys: 26,
            valueBytes: 1000,
          },
        ],
        consumers: [],
      },
    }),
  );
  const runtime = newRuntime(kafkaMachines);
  while (bytesOnDisks(world) < logBytes) {
    for (let i = 0; i < 500; i++) stepWorld(world, runtime, undefined, Infinity);
  }
  return world;
}

const bytesOnDisks = (world: World): number => {
  let sum = 0;
  for (const { disk } of world.nodes) {
    for (const { cache, openLength } of disk.files.values())
      sum += (cache.ends.at(-1) ?? 0) + openLength;
  }
  return sum;
};

/** Prints milliseconds and ratios. */
export async function benchCheckpoints(): Promise<void> {
  const world = filledWorld();
  const bytes = new Uint8Array(logBytes);
  const sealed: SealedHashes = new WeakMap();
  hashWorld(world, sealed);
  console.log(
    `A world of ${(bytesOnDisks(world) / 1_000_000).toFixed(1)} MB of logs (3 brokers, 3 partitions); aim: copied in 1 ms`,
  );
  await compare(
    "copied",
    () => void copyWorld(world),
    "structuredClone",
    () => {
      structuredClone(world);
    },
  );
  const sha = (): void => void createHash("sha256").update(bytes).digest();
  await compare("hashed", () => void hashWorld(world), "SHA-256 of its bytes", sha);
  await compare("hashed again", () => void hashWorld(world, sealed), "SHA-256 of its bytes", sha);
}

async function compare(
  what: string,
  ours: () => void,
  peer: string,
  theirs: () => void,
): Promise<void> {
  const { a, b } = await perSecond(ours, theirs);
  console.log(
    `  ${what.padEnd(13)} ${(1000 / a).toFixed(2)} ms, ${peer} ${(1000 / b).toFixed(2)} ms: ${ratio(a, b)} as fast`,
  );
}
