import {
  apiByKey,
  encodeRequest,
  encodeResponse,
  fetch,
  fetchSnapshot,
  listOffsets,
  type ReadField,
  watchRequest,
  watchResponse,
} from "#core";
import {
  advance,
  createWorld,
  kafkaMachines,
  newRuntime,
  type Scenario,
  type TraceEvent,
} from "#sim";
import { expect, test } from "vitest";
import { carriedEpoch } from "../../../sim/trace/carried-epoch.ts";
import { sampleBatch } from "../../support/frame-samples.ts";
import { fromLibrary } from "../../support/library-runs.ts";

type Sent = Extract<TraceEvent, { readonly type: "sent" }>;

/** Every message of a run, with its bytes. */
function messagesOf(scenario: Scenario): readonly { sent: Sent; bytes: Uint8Array }[] {
  const frames = new Map<number, Uint8Array>();
  const sents: Sent[] = [];
  const recorder = {
    frames: (message: number, bytes: Uint8Array) => void frames.set(message, bytes.slice()),
    listener: (event: TraceEvent) => void (event.type === "sent" && sents.push(event)),
  };
  advance(createWorld(scenario), newRuntime(kafkaMachines), recorder, Infinity);
  return sents.map((sent) => ({ sent, bytes: frames.get(sent.seq)! }));
}

/** What stands in the fields of these names, anywhere in a message but in what its records say. */
function valuesOf(field: ReadField, names: readonly string[]): readonly string[] {
  if (/^record \d+$/.test(field.name)) return [];
  const own = names.includes(field.name) ? [String(field.value)] : [];
  return [...own, ...field.parts.flatMap((part) => valuesOf(part, names))];
}

const names = ["currentLeaderEpoch", "leaderEpoch", "candidateEpoch"];

/** At which bytes fields of a name begin. */
const placesOf = (field: ReadField, name: string): readonly number[] => [
  ...(field.name === name ? [field.from] : []),
  ...field.parts.flatMap((part) => placesOf(part, name)),
];

function read(sent: Sent, bytes: Uint8Array): ReadField {
  const api = [...Array(70).keys()].map(apiByKey).find((one) => one?.name === sent.api);
  if (api === undefined) throw new RangeError(`nobody knows ${sent.api}`);
  return sent.response ? watchResponse(api, sent.version, bytes) : watchRequest(bytes);
}

function readBeside({ sent, bytes }: { sent: Sent; bytes: Uint8Array }): readonly number[] {
  const epochs = valuesOf(read(sent, bytes), names).map(Number);
  return [...new Set(epochs.filter((epoch) => epoch >= 0))];
}

test("a message tells the one leader epoch that stands in its fields or its batches", () => {
  const messages = messagesOf(fromLibrary("unclean-election"));
  const carriers = ["Fetch", "ListOffsets", "Vote", "BeginQuorumEpoch", "AlterPartition"];
  let told = 0;
  for (const message of messages) {
    if (!carriers.includes(message.sent.api)) {
      expect(message.sent.epoch).toBeUndefined();
      continue;
    }
    const epochs = readBeside(message);
    expect(message.sent.epoch).toBe(epochs.length === 1 ? epochs[0] : undefined);
    if (message.sent.epoch !== undefined) told += 1;
  }
  expect(told).toBeGreaterThan(100);
  const epochsOf = (api: string): ReadonlySet<number | undefined> =>
    new Set(messages.filter(({ sent }) => sent.api === api).map(({ sent }) => sent.epoch));
  expect(epochsOf("Vote").has(1)).toBe(true);
  // A fetch within a session names no partition, and no epoch.
  expect(epochsOf("Fetch").has(undefined)).toBe(true);
});

test("rot in a batch tells nothing, and stops nobody from listening", () => {
  const messages = messagesOf(fromLibrary("unclean-election"));
  // The only epoch that it carries is that of its batch.
  const found = messages.find(({ sent, bytes }) => {
    if (sent.api !== "Fetch" || !sent.response) return false;
    const fields = read(sent, bytes);
    return placesOf(fields, "magic").length === 1 && valuesOf(fields, names).length === 1;
  });
  const { sent, bytes } = found!;
  const frame = { ...sent, api: fetch.key };
  expect(carriedEpoch(frame, bytes)).toBe(sent.epoch);
  expect(sent.epoch).toBeGreaterThanOrEqual(0);
  const rotten = bytes.slice();
  rotten[placesOf(read(sent, bytes), "magic")[0]!] = 9;
  expect(carriedEpoch(frame, rotten)).toBeUndefined();
});

test("what carries several leader epochs tells none, whether they stand in fields or in batches", () => {
  const partitionOf = (partitionIndex: number, currentLeaderEpoch: number) => ({
    partitionIndex,
    currentLeaderEpoch,
    timestamp: -1,
  });
  const asked = (...epochs: readonly number[]): number | undefined => {
    const topics = [
      { name: "orders", partitions: epochs.map((epoch, at) => partitionOf(at, epoch)) },
    ];
    const header = { correlationId: 1, clientId: "c" };
    const body = { replicaId: -1, isolationLevel: 0, topics };
    const frame = encodeRequest(listOffsets, 7, header, body, (length) => new Uint8Array(length));
    return carriedEpoch(
      { api: listOffsets.key, version: 7, response: false, correlation: 1 },
      frame,
    );
  };
  expect(asked(4, 4)).toBe(4);
  expect(asked(4, 5)).toBeUndefined();

  const found = messagesOf(fromLibrary("unclean-election")).find(({ sent, bytes }) => {
    if (sent.api !== "Fetch" || !sent.response || sent.epoch === undefined) return false;
    return placesOf(read(sent, bytes), "magic").length > 1;
  });
  const { sent, bytes } = found!;
  const [, second] = placesOf(read(sent, bytes), "magic");
  const mixed = bytes.slice();
  // The epoch's last byte stands before the magic.
  mixed[second! - 1] = 9;
  expect(carriedEpoch({ ...sent, api: fetch.key }, mixed)).toBeUndefined();
});

test("a piece of a snapshot carries no epoch, whatever its bytes look like", () => {
  const partition = {
    index: 0,
    errorCode: 0,
    snapshotId: { endOffset: 9, epoch: 3 },
    currentLeader: { leaderId: -1, leaderEpoch: -1 },
    size: sampleBatch.length,
    position: 0,
    unalignedRecords: sampleBatch,
  };
  const body = {
    throttleTimeMs: 0,
    errorCode: 0,
    topics: [{ name: "__cluster_metadata", partitions: [partition] }],
    nodeEndpoints: [],
  };
  const frame = encodeResponse(fetchSnapshot, 1, 5, body, (length) => new Uint8Array(length));
  const label = { api: fetchSnapshot.key, version: 1, correlation: 5, response: true };
  expect(carriedEpoch(label, frame)).toBeUndefined();
});
