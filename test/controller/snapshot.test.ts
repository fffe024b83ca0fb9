import { describe, expect, it } from "vitest";
import {
  DiskError,
  encodeControlRecord,
  errorName,
  fetchSnapshot,
  type Files,
  leaderEpoch,
  metadataTopic,
  offset,
} from "#core";
import { emptyImage } from "../../core/controller/metadata/image.ts";
import { recordsOfImage } from "../../core/controller/metadata/image-records.ts";
import { replay } from "../../core/controller/metadata/replay.ts";
import {
  beginSnapshot,
  type FetchedMetadata,
  type FetchedPiece,
  loadSnapshot,
  takePiece,
} from "../../core/controller/quorum/replica.ts";
import { lastEpoch, readLog } from "../../core/log/log.ts";
import {
  readSnapshot,
  snapshotFile,
  snapshotIfDue,
} from "../../core/controller/quorum/snapshots.ts";
import {
  askProducerIds,
  type ControllerNode,
  heartbeat,
  inService,
  makeTopic,
  members,
  startedController,
  wishIsr,
} from "../support/controller-node.ts";
import { metadataRecord } from "../../core/wire/metadata-records.ts";
import { splitBatches } from "../../core/wire/batch.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { turnAt } from "../support/turns.ts";

const between = "metadata.log.max.record.bytes.between.snapshots";
const small = {
  [between]: 600,
  "metadata.max.retention.bytes": 1,
};

/** A cluster that has gone through something of everything. */
function busy(files: Files = memoryFiles(), more: object = small): ControllerNode {
  const controller = startedController(more, files);
  inService(controller);
  makeTopic(
    controller,
    "orders",
    [
      [1, 2, 3],
      [2, 3, 1],
    ],
    { "min.insync.replicas": "2" },
  );
  wishIsr(controller, { isr: members(controller, [1, 2]) });
  askProducerIds(controller, 1);
  heartbeat(controller, 3, { wantShutDown: true });
  heartbeat(controller, 2, { wantFence: true });
  return controller;
}

const written = ({ node }: ControllerNode) =>
  node.notes("metadataSnapshot").filter(({ how }) => how === "written");

describe("an image", () => {
  it("is what its records make of nothing", () => {
    const { image } = busy().node.state;
    const again = emptyImage();
    for (const record of recordsOfImage(image)) replay(again, record);
    expect(again).toEqual(image);
    expect(image.topics.size + image.brokers.size + image.configs.size).toBeGreaterThan(4);
  });
});

it("an image fences and unfences also by the records of earlier versions", () => {
  const { image } = busy().node.state;
  const { id, epoch } = [...image.brokers.values()][0] ?? {};
  if (id === undefined || epoch === undefined) throw new Error("no broker");
  for (const type of ["fenceBroker", "unfenceBroker", "fenceBroker"] as const) {
    replay(image, metadataRecord({ type, id, epoch }));
    expect(image.brokers.get(id)?.fenced).toBe(type === "fenceBroker");
  }
});

describe("a snapshot", () => {
  it("is written after so many bytes of records, and holds what was applied by then", () => {
    const controller = busy();
    const [first] = written(controller);
    expect(first).toMatchObject({ how: "written", epoch: 1 });
    const { files } = controller.node;
    const path = snapshotFile({ end: first?.end ?? offset(0), epoch: leaderEpoch(1) });
    // The oldest goes when the next is there and all of it is too much.
    expect(written(controller).length).toBeGreaterThan(1);
    expect(files.size(path)).toBeUndefined();
    const newest = controller.node.state.snapshots.ids;
    expect(newest).toHaveLength(1);
  });

  it("comes after as many bytes again as the one before", () => {
    const { node } = busy(memoryFiles(), { [between]: small[between] });
    const { log, snapshots } = node.state;
    if (log === undefined) throw new Error("no log");
    expect(snapshots.ids.length).toBeGreaterThan(1);
    for (const [i, { end: upTo }] of snapshots.ids.entries()) {
      const from = snapshots.ids[i - 1]?.end ?? offset(0);
      const bytes = readLog(log, node.files, from, { maxBytes: 1 << 20, upTo, minOneBatch: true });
      expect(bytes.length).toBeGreaterThanOrEqual(small[between]);
    }
  });

  it("with the log that follows it makes the same image again, in a later life", () => {
    const controller = busy();
    const next = startedController(small, controller.node.files);
    expect(next.node.state.image).toEqual(controller.node.state.image);
    expect(next.node.notes("metadataSnapshot")[0]).toMatchObject({ how: "loaded" });
    const begun = next.node.notes("logOpened")[0];
    expect(begun?.end).toBe(controller.node.state.committed);
  });

  it("bounds the log: it begins where the newest but one ends, and goes on to its end", () => {
    const controller = busy(memoryFiles(), { ...small, "log.segment.bytes": 300 });
    const { log, snapshots } = controller.node.state;
    expect(log?.start).toBe(snapshots.ids[0]?.end);
    expect(log?.segments[0]?.base).toBeGreaterThan(0);
    expect(log?.end).toBe(controller.node.state.committed);
  });

  it("lets no record go that none holds: what is not applied yet stays in the log", () => {
    const { node } = busy(memoryFiles(), {});
    const { log, snapshots, image, config } = node.state;
    if (log === undefined) throw new Error("no log");
    const turn = turnAt(node.files, 0);
    const due = { ...config.settings, ...small, [between]: 0 };
    for (const applied of [offset(5), offset(7)])
      snapshotIfDue(snapshots, log, image, applied, config.voters, due, turn);
    expect(snapshots.ids.map(({ end }) => end)).toEqual([7]);
    expect(log.start).toBe(7);
    expect(log.end).toBeGreaterThan(7);
  });

  it("that a crash left unfinished is removed at the next start", () => {
    const files = memoryFiles();
    const id = { end: offset(4), epoch: leaderEpoch(1) };
    files.append(`${snapshotFile(id)}.part`, new Uint8Array(7));
    const controller = startedController({}, files);
    expect(files.size(`${snapshotFile(id)}.part`)).toBeUndefined();
    expect(controller.node.state.snapshots.ids).toEqual([]);
  });

  it("that is fetched begins with nothing of an earlier try", () => {
    const files = memoryFiles();
    const { node } = startedController({}, files);
    const id = { end: offset(40), epoch: leaderEpoch(1) };
    files.append(`${snapshotFile(id)}.part`, new Uint8Array(7));
    const answer = { snapshotId: { endOffset: 40, epoch: 1 } } as FetchedMetadata;
    expect(beginSnapshot(node.state.snapshots, answer, files)).toBe(true);
    expect(node.state.snapshots.fetching).toEqual({ id, position: 0 });
    expect(files.size(`${snapshotFile(id)}.part`)).toBeUndefined();
  });

  it("that is fetched in pieces begins the log anew where it ends, under its epoch", () => {
    const { node } = busy();
    const id = node.state.snapshots.ids.at(-1);
    if (id === undefined) throw new Error("no snapshot");
    const whole = node.files.read(snapshotFile(id), 0, node.files.size(snapshotFile(id)) ?? 0);
    const files = memoryFiles();
    const { log, snapshots, image } = startedController({}, files).node.state;
    if (log === undefined) throw new Error("no log");
    const turn = turnAt(files, 0);
    const snapshotId = { endOffset: Number(id.end), epoch: Number(id.epoch) };
    const asked = { snapshotId } as FetchedMetadata;
    beginSnapshot(snapshots, asked, files);
    const take = (position: number, to: number) => {
      const unalignedRecords = whole.subarray(position, to);
      const piece = { position, size: whole.length, unalignedRecords } as Partial<FetchedPiece>;
      return takePiece(snapshots, log, piece as FetchedPiece, turn);
    };
    expect(take(0, 100)).toBeUndefined();
    // A piece that was asked for twice is taken once.
    expect(take(0, 100)).toBeUndefined();
    expect(log.end).toBeLessThan(id.end);
    const fetched = take(100, whole.length);
    expect(fetched).toEqual(readSnapshot(node.files, id));
    expect(fetched).not.toEqual(image);
    expect(log).toMatchObject({ start: id.end, end: id.end });
    expect(lastEpoch(log)).toBe(id.epoch);
    expect(snapshots).toMatchObject({ ids: [id], bytes: 0, fetching: undefined });
  });

  it("that is fetched takes away those before it, also if a crash had left them", () => {
    const { node } = busy();
    const id = node.state.snapshots.ids.at(-1);
    if (id === undefined) throw new Error("no snapshot");
    const whole = node.files.read(snapshotFile(id), 0, node.files.size(snapshotFile(id)) ?? 0);
    const files = memoryFiles();
    const { log, snapshots } = startedController({}, files).node.state;
    if (log === undefined) throw new Error("no log");
    const old = { end: offset(1), epoch: leaderEpoch(1) };
    files.append(snapshotFile(old), whole);
    snapshots.ids.push(old);
    const turn = turnAt(files, 0);
    const snapshotId = { endOffset: Number(id.end), epoch: Number(id.epoch) };
    beginSnapshot(snapshots, { snapshotId } as FetchedMetadata, files);
    const piece = { position: 0, size: whole.length, unalignedRecords: whole };
    takePiece(snapshots, log, piece as unknown as FetchedPiece, turn);
    expect(snapshots.ids).toEqual([id]);
    expect(files.size(snapshotFile(old))).toBeUndefined();
    snapshots.ids.unshift(old);
    files.append(snapshotFile(old), whole);
    loadSnapshot(snapshots, log, turn);
    expect(snapshots.ids).toEqual([id]);
    expect(files.size(snapshotFile(old))).toBeUndefined();
  });

  it("that is gone with the records before it is missed at the next start, not taken for an empty cluster", () => {
    const { files, state } = busy(memoryFiles(), { ...small, "log.segment.bytes": 300 }).node;
    for (const id of state.snapshots.ids) files.remove(snapshotFile(id));
    expect(() => startedController(small, files)).toThrow(DiskError);
  });

  it("that is damaged is not believed", () => {
    const controller = busy();
    const [id] = controller.node.state.snapshots.ids;
    if (id === undefined) throw new Error("no snapshot");
    const { files } = controller.node;
    const path = snapshotFile(id);
    files.writeAt(path, (files.size(path) ?? 0) - 5, new Uint8Array([1, 2, 3]));
    expect(() => readSnapshot(files, id)).toThrow(/crc/i);
    expect(() => readSnapshot(files, id)).toThrow(DiskError);
  });

  it("that is not whole is not believed, be it cut within a batch, behind one, or to nothing", () => {
    const { files, state } = busy().node;
    const [id] = state.snapshots.ids;
    if (id === undefined) throw new Error("no snapshot");
    const path = snapshotFile(id);
    const size = files.size(path) ?? 0;
    const footer = splitBatches(files.read(path, 0, size)).at(-1)?.length ?? 0;
    for (const to of [size - 1, size - footer, 0]) {
      files.truncate(path, to);
      expect(() => readSnapshot(files, id)).toThrow(DiskError);
    }
  });
});

describe("a fetch of a snapshot (KIP-630)", () => {
  const controller = busy(memoryFiles(), { [between]: small[between] });
  const { snapshots, quorum } = controller.node.state;
  const size = (at: number): number => {
    const id = snapshots.ids[at];
    return id === undefined ? -1 : (controller.node.files.size(snapshotFile(id)) ?? -1);
  };
  interface Asked {
    readonly at?: number;
    readonly end?: number;
    readonly epoch?: number;
    readonly position?: number;
    readonly leaderEpoch?: number;
    readonly maxBytes?: number;
  }
  const ask = (asked: Asked) => {
    const id = snapshots.ids[asked.at ?? 0];
    const snapshotId = { endOffset: asked.end ?? id?.end ?? -1, epoch: asked.epoch ?? 1 };
    const partition = {
      partition: 0,
      currentLeaderEpoch: asked.leaderEpoch ?? quorum.epoch,
      snapshotId,
      position: asked.position ?? 0,
    };
    const answer = controller.talk.call(fetchSnapshot, {
      maxBytes: asked.maxBytes ?? 1 << 20,
      topics: [{ name: metadataTopic, partitions: [partition] }],
    });
    const [one] = answer.topics[0]?.partitions ?? [];
    return { ...one, error: errorName(one?.errorCode ?? answer.errorCode) };
  };

  it.each([0, 1])("brings the one that is asked for: %s", (at) => {
    expect(snapshots.ids.length).toBeGreaterThan(1);
    const { error, size: told, unalignedRecords } = ask({ at });
    expect({ error, told, length: unalignedRecords?.length }).toEqual({
      error: "NONE",
      told: size(at),
      length: size(at),
    });
  });

  it("brings a piece from where it is asked for, of so many bytes", () => {
    const whole = ask({}).unalignedRecords;
    expect(ask({ position: 70, maxBytes: 40 }).unalignedRecords).toEqual(whole?.slice(70, 110));
  });

  it.each<[string, Asked, string]>([
    ["of another end", { end: 3 }, "SNAPSHOT_NOT_FOUND"],
    ["of another epoch", { epoch: 9 }, "SNAPSHOT_NOT_FOUND"],
    ["behind its last byte", { position: size(0) }, "POSITION_OUT_OF_RANGE"],
    ["before its first", { position: -1 }, "POSITION_OUT_OF_RANGE"],
    ["under an earlier epoch", { leaderEpoch: quorum.epoch - 1 }, "FENCED_LEADER_EPOCH"],
    ["under a later one", { leaderEpoch: quorum.epoch + 1 }, "UNKNOWN_LEADER_EPOCH"],
  ])("%s is refused", (_, asked, error) => {
    expect(ask(asked)).toMatchObject({ error, unalignedRecords: new Uint8Array(0) });
  });
});

describe("control records of a snapshot", () => {
  it("have Kafka's bytes", () => {
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
    const header = encodeControlRecord("snapshotHeader", {
      version: 0,
      lastContainedLogTimestamp: 258,
    });
    expect([hex(header.key), hex(header.value)]).toEqual(["00000003", "0000000000000000010200"]);
    const footer = encodeControlRecord("snapshotFooter", { version: 0 });
    expect([hex(footer.key), hex(footer.value)]).toEqual(["00000004", "000000"]);
    const version = encodeControlRecord("kraftVersion", { version: 0, kRaftVersion: 1 });
    expect([hex(version.key), hex(version.value)]).toEqual(["00000005", "0000000100"]);
  });
});
