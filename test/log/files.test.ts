// The files by their names and bytes: Kafka's own tools read them.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BrokerEpoch, DiskError, type Files, metadataTopicId, offset, uuid } from "#core";
import { utf8Bytes } from "../../core/foundation/utf8.ts";
import { readOffsetCheckpoint, writeOffsetCheckpoint } from "../../core/log/checkpoints.ts";
import { takeCleanShutdown, writeCleanShutdown } from "../../core/log/clean-shutdown.ts";
import { truncateLog } from "../../core/log/log.ts";
import { readMetaProperties, writeMetaProperties } from "../../core/log/meta-properties.ts";
import {
  readPartitionMetadata,
  writePartitionMetadata,
} from "../../core/log/partition-metadata.ts";
import { uuidOf, uuidText } from "../../core/log/uuid-text.ts";
import { readUuid } from "../../core/wire/uuid.ts";
import { append, bytesOf, folder, hex, openClean, textOf } from "../support/logs.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { watchedFiles } from "../support/watched-files.ts";

describe("a segment's files", () => {
  test("are named after their first offset, in 20 digits", () => {
    const files = memoryFiles();
    const log = openClean(files, { segmentBytes: 200 });
    expect(files.list(folder)).toEqual([
      "00000000000000000000.index",
      "00000000000000000000.log",
      "00000000000000000000.timeindex",
    ]);
    append(log, files, { epoch: 3, count: 7, size: 12 });
    append(log, files, { count: 5, size: 12 });
    expect(files.list(folder)).toEqual([
      "00000000000000000000.index",
      "00000000000000000000.log",
      "00000000000000000000.timeindex",
      "00000000000000000007.index",
      "00000000000000000007.log",
      "00000000000000000007.snapshot",
      "00000000000000000007.timeindex",
      "leader-epoch-checkpoint",
    ]);
  });

  test("hold the batches as they came, one after the other, and nothing else", () => {
    const files = memoryFiles();
    const log = openClean(files);
    const batches = [1, 4, 2].map((count) => append(log, files, { count }));
    expect(hex(bytesOf(files, "00000000000000000000.log"))).toBe(batches.map(hex).join(""));
  });

  test("index in 8 bytes the last offset of a batch, relative, and its position, once in so many bytes", () => {
    const files = memoryFiles();
    const log = openClean(files, { indexIntervalBytes: 200 });
    const lengths = [2, 2, 2, 2, 2].map((count) => append(log, files, { count, size: 40 }).length);
    // Two records of 47 bytes, each with its length, behind a header of 61.
    expect(lengths).toEqual([155, 155, 155, 155, 155]);
    // More than 200 bytes lie before the third batch (offsets 4 and 5), and more than 200 from it to the fifth.
    expect(hex(bytesOf(files, "00000000000000000000.index"))).toBe(
      "00000005" + "00000136" + "00000009" + "0000026c",
    );
  });

  test("index in 12 bytes the largest time so far and whose last offset it is, and the last one when closed", () => {
    const files = memoryFiles();
    const log = openClean(files, { indexIntervalBytes: 0, segmentBytes: 5 * 155 });
    const late = 1_700_000_000_000;
    const times = [late - 1, late, late - 9, late, late + 1, 5];
    for (const timestamp of times) append(log, files, { count: 2, size: 40, timestamp });
    // At the second batch (offsets 2 and 3); the two after it are not later; at the fifth.
    expect(hex(bytesOf(files, "00000000000000000000.timeindex"))).toBe(
      "0000018bcfe56800" + "00000003" + "0000018bcfe56801" + "00000009",
    );
    // Nothing was indexed in a segment of one batch; a roll closes it.
    append(log, files, { count: 30, size: 40, timestamp: 9 });
    expect(hex(bytesOf(files, "00000000000000000010.timeindex"))).toBe(
      "0000000000000005" + "00000001",
    );
  });

  test("index relative to the segment's own first offset", () => {
    const files = memoryFiles();
    const log = openClean(files, { indexIntervalBytes: 0, segmentBytes: 400 });
    for (let i = 0; i < 4; i++) append(log, files, { count: 2, size: 40 });
    expect(hex(bytesOf(files, "00000000000000000004.index"))).toBe("00000003" + "0000009b");
  });
});

describe("leader-epoch-checkpoint", () => {
  const path = `${folder}/leader-epoch-checkpoint`;

  test("holds a version, a count, and where each epoch began", () => {
    const files = memoryFiles();
    const log = openClean(files);
    append(log, files, { epoch: 2, count: 3 });
    append(log, files, { epoch: 2, count: 3 });
    append(log, files, { epoch: 5, count: 1 });
    expect(textOf(files, path)).toBe("0\n2\n2 0\n5 6\n");
    truncateLog(log, files, offset(6));
    expect(textOf(files, path)).toBe("0\n1\n2 0\n");
  });

  test("is on the platter before the first batch of its epoch is anywhere", () => {
    const { files, done } = watchedFiles(memoryFiles());
    const log = openClean(files);
    append(log, files, { epoch: 1 });
    done.length = 0;
    append(log, files, { epoch: 2 });
    append(log, files, { epoch: 2 });
    expect(done).toEqual([
      `remove ${path}.tmp`,
      `append ${path}.tmp`,
      `fsync ${path}.tmp`,
      `rename ${path}.tmp ${path}`,
      `fsyncFolder ${folder}`,
      `append ${folder}/00000000000000000000.log`,
      `append ${folder}/00000000000000000000.log`,
    ]);
  });

  test("is cut without waiting for the disk, as in Kafka", () => {
    const { files, done } = watchedFiles(memoryFiles());
    const log = openClean(files);
    append(log, files, { epoch: 1 });
    append(log, files, { epoch: 2 });
    done.length = 0;
    truncateLog(log, files, offset(1));
    expect(textOf(files, path)).toBe("0\n1\n1 0\n");
    const waited = done.filter((what) => what.startsWith("fsync"));
    expect(waited).toEqual([`fsync ${folder}/00000000000000000001.snapshot`]);
  });
});

describe("an offset checkpoint", () => {
  const path = "replication-offset-checkpoint";
  const written = (text: string): Files => memoryFiles(new Map([[path, utf8Bytes(text)]]));

  test("holds a version, a count, and topic, partition and offset of each log", () => {
    const files = memoryFiles();
    const marks = new Map([
      ["orders-0", offset(12)],
      ["a-b-7", offset(0)],
      ["__cluster_metadata-0", offset(2 ** 40)],
    ]);
    writeOffsetCheckpoint(files, path, marks);
    expect(textOf(files, path)).toBe(
      "0\n3\norders 0 12\na-b 7 0\n__cluster_metadata 0 1099511627776\n",
    );
    expect(readOffsetCheckpoint(files, path)).toEqual(marks);
    expect(files.list("")).toEqual([path]);
  });

  test("replaces the one before only when it is whole on the platter", () => {
    const { files, done } = watchedFiles(memoryFiles());
    writeOffsetCheckpoint(files, path, new Map());
    expect(done).toEqual([
      `remove ${path}.tmp`,
      `append ${path}.tmp`,
      `fsync ${path}.tmp`,
      `rename ${path}.tmp ${path}`,
      `fsyncFolder `,
    ]);
  });

  test("that is not there, or empty, knows of no log", () => {
    expect(readOffsetCheckpoint(memoryFiles(), path).size).toBe(0);
    expect(readOffsetCheckpoint(written(""), path).size).toBe(0);
    expect(readOffsetCheckpoint(written("0\n0\n"), path).size).toBe(0);
  });

  test.each([
    ["1\n0\n", 'line 1: version "1" instead of 0'],
    ["orders 0 3\n", 'line 1: version "orders 0 3" instead of 0'],
    ["0", 'line 2: "" instead of a number of entries'],
    ["0\nmany\n", 'line 2: "many" instead of a number of entries'],
    ["0\n2\norders 0 3\n", "line 2: 2 entries, of which 1 are there"],
    ["0\n1\norders 0 3\norders 1 3\n", "line 2: 1 entries, of which 2 are there"],
    ["0\n1\norders 0\n", 'line 3: "orders 0" instead of topic, partition and offset'],
    [
      "0\n2\norders 0 3\norders 1 x\n",
      'line 4: "orders 1 x" instead of topic, partition and offset',
    ],
    ["0\n1\norders 0 -3\n", 'line 3: "orders 0 -3" instead of topic, partition and offset'],
    ["0\n1\norders 0 9999999999999999\n", 'line 3: "orders 0 9999999999999999" instead of'],
    ["0\n2\n\norders 0 3\n", 'line 3: "" instead of topic, partition and offset'],
  ])("that is bad is refused by name and line: %j", (text, problem) => {
    const read = () => readOffsetCheckpoint(written(text), path);
    expect(read).toThrow(DiskError);
    expect(read).toThrow(`replication-offset-checkpoint, ${problem}`);
  });
});

describe(".kafka_cleanshutdown", () => {
  const path = ".kafka_cleanshutdown";

  test("says which broker epoch stopped cleanly, and is believed once", () => {
    const files = memoryFiles();
    writeCleanShutdown(files, 41 as BrokerEpoch);
    expect(textOf(files, path)).toBe('{"version":0,"brokerEpoch":41}');
    expect(takeCleanShutdown(files)).toEqual({ brokerEpoch: 41 });
    expect(files.size(path)).toBeUndefined();
    expect(takeCleanShutdown(files)).toBeUndefined();
  });

  test("is gone from the platter too before anything else is done", () => {
    const { files, done } = watchedFiles(memoryFiles());
    writeCleanShutdown(files, 1 as BrokerEpoch);
    done.length = 0;
    takeCleanShutdown(files);
    expect(done).toEqual([`remove ${path}`, "fsyncFolder "]);
  });

  test("of a broker that never registered, or that cannot be read, knows no epoch", () => {
    const files = memoryFiles();
    writeCleanShutdown(files, -1 as BrokerEpoch);
    expect(takeCleanShutdown(files)).toEqual({ brokerEpoch: -1 });
    files.append(path, utf8Bytes("?"));
    expect(takeCleanShutdown(files)).toEqual({ brokerEpoch: -1 });
  });
});

describe("who a folder belongs to", () => {
  const id = uuid("01234567-89ab-cdef-0123-456789abcdef");

  test("stands in meta.properties", () => {
    const files = memoryFiles();
    expect(readMetaProperties(files)).toBeUndefined();
    const properties = { clusterId: "lab", nodeId: 3 as never, directoryId: id };
    writeMetaProperties(files, properties);
    expect(textOf(files, "meta.properties")).toBe(
      "version=1\ncluster.id=lab\nnode.id=3\ndirectory.id=ASNFZ4mrze8BI0VniavN7w\n",
    );
    expect(readMetaProperties(files)).toEqual(properties);
  });

  test("stands in partition.metadata", () => {
    const files = memoryFiles();
    expect(readPartitionMetadata(files, folder)).toBeUndefined();
    writePartitionMetadata(files, folder, id);
    expect(textOf(files, `${folder}/partition.metadata`)).toBe(
      "version: 0\ntopic_id: ASNFZ4mrze8BI0VniavN7w",
    );
    expect(readPartitionMetadata(files, folder)).toBe(id);
  });

  test("is written as Kafka writes uuids", () => {
    expect(uuidText(metadataTopicId)).toBe("AAAAAAAAAAAAAAAAAAAAAQ");
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(bytes, (drawn) => {
        const value = readUuid(drawn, 0);
        expect(uuidText(value)).toBe(Buffer.from(drawn).toString("base64url"));
        expect(uuidOf(uuidText(value))).toBe(value);
      }),
    );
    expect(uuidOf(id)).toBeUndefined();
  });
});
