// A crash and a power loss between any two operations of every disk of a whole run, and in the middle of each: what comes
// back is the beginning of what was written, holds all that was flushed, and agrees with itself.
import { describe, expect, test } from "vitest";
import type { Controller } from "#core";
import { type Log, readLog } from "../../core/log/log.ts";
import {
  type BatchHeader,
  nextOffset,
  readBatchHeader,
  splitBatches,
} from "../../core/wire/batch.ts";
import { logsIn } from "../../sim/audit/kafka.ts";
import { logDifferences } from "../../sim/audit/log-audit.ts";
import { quickSettings } from "../../sim/scenario/library/first-light.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { ears } from "../../sim/trace/recorder.ts";
import type { TraceEvent } from "../../sim/trace/events.ts";
import { kafkaMachines } from "../../sim/workload/kafka.ts";
import { stepWorld } from "../../sim/world/advance.ts";
import { copyWorld } from "../../sim/world/copy-world.ts";
import { createWorld } from "../../sim/world/create.ts";
import { DiskView } from "../../sim/world/disk/view.ts";
import { goDown, startNode } from "../../sim/world/lives.ts";
import { newRuntime, type Run } from "../../sim/world/runtime.ts";
import type { Node, World } from "../../sim/world/state.ts";

/** Everything that writes: rolls, truncations, snapshots, checkpoints, flushes, elections, deletions, retention. */
const scenario = parseScenario({
  version: 1,
  name: "crash-everywhere",
  seed: "4",
  durationMs: 7000,
  cluster: {
    brokers: [{ id: 1 }, { id: 2 }, { id: 3 }],
    config: {
      ...quickSettings,
      "metadata.log.max.record.bytes.between.snapshots": 1500,
      "metadata.max.retention.bytes": 1500,
      "log.segment.delete.delay.ms": 500,
      "log.retention.check.interval.ms": 700,
      "log.flush.start.offset.checkpoint.interval.ms": 900,
    },
  },
  topics: [
    {
      name: "orders",
      partitions: 2,
      replicationFactor: 3,
      config: {
        "min.insync.replicas": 1,
        "segment.bytes": 2500,
        "flush.messages": 7,
        "retention.bytes": 9000,
      },
    },
    { name: "gone", replicationFactor: 3 },
  ],
  workload: {
    producers: [
      {
        name: "p1",
        topic: "orders",
        startMs: 500,
        endMs: 6500,
        intervalMs: [8, 20],
        config: { "request.timeout.ms": 1000, "delivery.timeout.ms": 3000 },
      },
    ],
  },
  faults: [
    {
      type: "cut",
      atMs: 1500,
      forMs: 2500,
      between: [{ leaderOf: "orders-0" }, { nodes: ["b1", "b2", "b3", "c1", "c2", "c3"] }],
    },
    { type: "deleteTopic", atMs: 2000, topic: "gone" },
    { type: "deleteRecords", atMs: 3500, partition: "orders-1" },
    { type: "crash", atMs: 3000, forMs: 800, target: { node: "c1" } },
    { type: "stop", atMs: 4500, forMs: 500, target: { node: "b2" } },
  ],
});

/** What the trace has told of the disks so far. */
interface Told {
  /** By node, log, base offset and epoch: checksums of batches. */
  readonly batches: Set<string>;
  /** By voter and epoch: whom it has said that it votes for. */
  readonly votes: Map<string, { readonly epoch: number; readonly candidate: number }>;
}

function hear({ batches, votes }: Told, event: TraceEvent): void {
  if (event.type !== "note") return;
  const what = event.event;
  if (what.type === "voted" && what.granted && !what.preVote)
    votes.set(event.node, { epoch: what.epoch, candidate: what.candidate });
  if (what.type === "appended")
    batches.add(`${what.partition} ${what.base} ${what.epoch} ${what.crc}`);
}

/** Logs of a broker's or a controller's process by name, whether or not they are led or followed. */
const logsOf = ({ spec, process }: Node): Map<string, Log> => logsIn(spec.kind, process);

/** Headers of all batches of a log, as its files hold them. */
function headersOf(run: Run, node: Node, log: Log): BatchHeader[] {
  const headers: BatchHeader[] = [];
  run.runtime.files.bind(run, node);
  for (let at = log.start; at < log.end;) {
    const wanted = { maxBytes: 1_048_576, upTo: log.end, minOneBatch: true };
    const bytes = readLog(log, run.runtime.files, at, wanted);
    const batches = splitBatches(bytes).map((batch) => readBatchHeader(batch));
    if (batches.length === 0) throw new Error(`${log.folder} ends at ${at}, not at ${log.end}`);
    headers.push(...batches);
    at = nextOffset(batches.at(-1) as BatchHeader) as typeof at;
  }
  return headers;
}

function forkAt(world: World, index: number, at: number, how: "crash" | "powerLoss"): Run {
  const fork = copyWorld(world);
  fork.now = at;
  const run: Run = { world: fork, runtime: newRuntime(kafkaMachines), ...ears(undefined) };
  const node = fork.nodes[index] as Node;
  goDown(run, node, how, -1);
  startNode(run, node, -1);
  for (const { error } of run.runtime.thrown) throw error;
  return run;
}

/** What is wrong with a node that died then and started again. */
function complaintsAfter(
  world: World,
  index: number,
  at: number,
  how: "crash" | "powerLoss",
  told: Told,
): string[] {
  const before = world.nodes[index] as Node;
  const written = new Map([...logsOf(before)].map(([name, log]) => [name, log]));
  const run = forkAt(world, index, at, how);
  const node = run.world.nodes[index] as Node;
  const complaints: string[] = [];
  const found = logsOf(node);
  for (const [name, log] of found) {
    const differences = logDifferences(log, new DiskView(node.disk));
    complaints.push(...differences.map((text) => `${name}: ${text}`));
    const was = written.get(name);
    if (was === undefined) continue;
    // What the step in hand flushes, or cuts, may or may not have come to pass.
    // Of a log that began anew, and holds nothing yet, nothing was flushed: the one before may come back.
    const flushed = was.recoveryPoint > was.start ? Math.min(was.recoveryPoint, was.end) : 0;
    if (log.end < flushed && !inHand(before, name))
      complaints.push(`${name} ends at ${log.end}, flushed were ${was.recoveryPoint}`);
    if (name === "__cluster_metadata-0") continue;
    if (log.start > was.start && !inHand(before, name))
      complaints.push(`${name} begins at ${log.start}, and began at ${was.start}`);
    for (const { baseOffset, leaderEpoch, crc, lastOffsetDelta } of headersOf(run, node, log)) {
      const isTold = told.batches.has(`${name} ${baseOffset} ${leaderEpoch} ${crc}`);
      // The append in hand is told of when its step is over.
      if (!isTold && baseOffset + lastOffsetDelta < was.end && !inHand(before, name))
        complaints.push(`${name} holds a batch at ${baseOffset} that nobody appended`);
    }
  }
  const vote = told.votes.get(node.spec.name);
  if (vote !== undefined && node.spec.kind === "controller") {
    const { epoch, voted } = (node.process as Controller).quorum;
    const isKept = epoch > vote.epoch || (epoch === vote.epoch && voted?.id === vote.candidate);
    if (!isKept)
      complaints.push(`the vote for ${vote.candidate} in epoch ${vote.epoch} is forgotten`);
  }
  return complaints.map((text) => `${node.spec.name}, ${how} at ${at} µs: ${text}`);
}

const inHand = ({ disk }: Node, name: string): boolean =>
  disk.journal.some(({ path }) => path.startsWith(`${name}/`) || path === name);

describe("a crash and a power loss at every operation of every disk", () => {
  test("leave nothing that recovery does not mend", { timeout: 240_000 }, () => {
    const world = createWorld(scenario);
    const runtime = newRuntime(kafkaMachines);
    const told: Told = { batches: new Set(), votes: new Map() };
    const record = { listener: (event: TraceEvent) => hear(told, event), traffic: false };
    const complaints: string[] = [];
    const tried = new Set<string>();
    let operations = 0;
    let deaths = 0;
    while (world.phase === "run" && stepWorld(world, runtime, record, 7_000_000)) {
      for (const node of world.nodes) {
        const { journal } = node.disk;
        const key = `${node.index} ${node.inHand} ${node.life}`;
        if (!node.up || journal.length === 0 || tried.has(key)) continue;
        tried.add(key);
        operations += journal.length;
        const [first] = journal;
        const moments = [first?.start ?? 0, ...journal.map(({ end }) => end)];
        for (const [i, at] of moments.entries()) {
          // In the middle of an operation, too, where its time leaves one.
          const begun = moments[i - 1];
          const within = begun === undefined ? [] : [Math.floor((begun + at) / 2)];
          for (const moment of [...within, at]) {
            for (const how of ["crash", "powerLoss"] as const) {
              deaths += 1;
              complaints.push(...complaintsAfter(world, node.index, moment, how, told));
            }
          }
        }
      }
      if (complaints.length > 0) break;
    }
    expect(complaints).toEqual([]);
    expect(operations).toBeGreaterThanOrEqual(2000);
    expect(deaths).toBeGreaterThan(3 * operations);
  });
});
