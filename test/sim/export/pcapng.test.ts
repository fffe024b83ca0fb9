import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AnyApi, apis, crc32c } from "#core";
import { families, library, runScenario, type Scenario, type TraceEvent } from "#sim";
import { written } from "../../../sim/export/byte-writer.ts";
import { beginCapture, captureOf, take } from "../../../sim/export/pcapng.ts";
import { framesOf, readCapture } from "../../support/capture.ts";
import { sampleRequest, sampleResponse } from "../../support/frame-samples.ts";
import { describeTshark, dissect } from "../../support/tshark.ts";

const named = (name: string): Scenario => {
  const make = library.get(name);
  if (make === undefined) throw new Error(`no scenario ${name}`);
  return make();
};
const drawn = (family: string, seed: string): Scenario => {
  const draw = families.get(family);
  if (draw === undefined) throw new Error(`no family ${family}`);
  return draw(seed);
};

/** A crash, a power loss of everybody, and faults of all kinds with connections that are reset and cut. */
const runs: readonly Scenario[] = [named("acks-1"), named("blackout"), drawn("storm", "3")];

describe("a capture of a run", () => {
  test.each(runs)(
    "of $name holds every frame that was received, and none that was not sent",
    (scenario) => {
      const events: TraceEvent[] = [];
      runScenario(scenario, { listeners: [(event) => events.push(event)] });
      const sent = new Map(events.flatMap((one) => (one.type === "sent" ? [[one.seq, one]] : [])));
      const received = events.flatMap((event) => (event.type === "received" ? event.done : []));
      expect(received.length).toBeGreaterThan(300);
      const captured = framesOf(readCapture(captureOf(scenario)).packets);
      const count = (crcs: readonly number[]): Map<number, number> => {
        const counts = new Map<number, number>();
        for (const crc of crcs) counts.set(crc, (counts.get(crc) ?? 0) + 1);
        return counts;
      };
      const there = count(captured.map((frame) => crc32c(frame)));
      for (const [crc, times] of count(received.map((id) => sent.get(id)?.crc ?? -1)))
        expect(there.get(crc) ?? 0, `frames with crc ${crc}`).toBeGreaterThanOrEqual(times);
      // What reached a machine whose process was gone, or had not looked yet, was not received by anybody.
      const known = new Set([...sent.values()].map(({ crc }) => crc));
      for (const crc of there.keys()) expect(known.has(crc)).toBe(true);
    },
  );

  test("has one packet after another, whose numbers continue", () => {
    const { blocks, packets } = readCapture(captureOf(named("first-light")));
    expect(blocks.slice(0, 3)).toEqual([0x0a0d0d0a, 1, 4]);
    expect(new Set(blocks.slice(3))).toEqual(new Set([6]));
    const next = new Map<string, number>();
    let before = 1_767_225_600_000_000;
    for (const { micros, from, to, sequence, flags, payload } of packets) {
      expect(micros).toBeGreaterThanOrEqual(before);
      before = micros;
      const way = `${from} ${to}`;
      expect(sequence).toBe(next.get(way) ?? 0);
      next.set(way, sequence + payload.length + ((flags & 3) === 0 ? 0 : 1));
    }
    // A broker dies: its peers are reset; clients close what they need no longer.
    for (const flag of [1, 2, 4])
      expect(packets.some(({ flags }) => (flags & flag) !== 0)).toBe(true);
  });

  test("changes nothing in the run", () => {
    const scenario = named("acks-1");
    let crossed = 0;
    const heard = runScenario(scenario, { wire: () => void (crossed += 1) });
    expect(heard.hash).toBe(runScenario(scenario).hash);
    expect(crossed).toBeGreaterThan(0);
  });
});

describeTshark("captures", () => {
  let folder = "";
  let path = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "highwater-capture-"));
    path = join(folder, "run.pcapng");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(runs)("of $name hold nothing but sound TCP that speaks Kafka", (scenario) => {
    const capture = captureOf(scenario);
    const checks = ["-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE"];
    const asked = ["_ws.col.Protocol", "tcp.len", "ip.checksum.status", "tcp.checksum.status"];
    const wrong = ["tcp.analysis.flags", "tcp.segments", "kafka.len"];
    const packets = dissect(path, capture, [...asked, ...wrong], ...checks);
    expect(packets.length).toBe(readCapture(capture).packets.length);
    for (const [protocol, length, ipSum, tcpSum, flagged] of packets) {
      expect(["TCP", "Kafka"]).toContain(protocol);
      if (length === "0") expect(protocol).toBe("TCP");
      expect([ipSum, tcpSum, flagged]).toEqual(["1", "1", ""]);
    }
    const kafka = packets.filter(([protocol]) => protocol === "Kafka");
    expect(kafka.length).toBeGreaterThan(300);
  });

  test("names the nodes as the lab does", () => {
    const hosts = dissect(path, captureOf(named("acks-1")), ["ip.src_host"], "-N", "n");
    expect(new Set(hosts.flat())).toEqual(
      new Set(["c1", "c2", "c3", "b1", "b2", "b3", "a1", "p2", "v1"]),
    );
  });

  // tshark knows older versions than our clients speak, so every version that we serve is put on a wire of its own.
  test("has every request and every answer that tshark knows dissected whole", () => {
    const frames = apis.flatMap(versionsOf);
    const fields = ["kafka.request.version", "kafka.response.version", "kafka.correlation_id"];
    const rows = dissect(
      path,
      samples(frames),
      ["tcp.stream", ...fields, "_ws.expert.message", "kafka.request_missing"],
      ...["-Y", "kafka"],
    );
    const known: string[] = [];
    for (const [stream, request, response, correlation, told = ""] of rows) {
      const { api, version } = frames[Number(stream)] ?? { api: undefined, version: -1 };
      const what = `${api?.name} v${version} ${request === "" ? "answer" : "request"}`;
      if (/Unsupported|Unknown|Request missing/.test(told) || misread.includes(what)) continue;
      expect([what, told, request === "" ? response : request, correlation]).toEqual([
        ...[what, "", String(version), "5"],
      ]);
      known.push(what);
    }
    for (const api of ["Produce v8", "Fetch v11", "Metadata v9", "ListOffsets v5"])
      expect(known).toEqual(expect.arrayContaining([`${api} request`, `${api} answer`]));
    expect(known.length).toBeGreaterThan(80);
  });
});

interface Version {
  readonly api: AnyApi;
  readonly version: number;
}

const versionsOf = (api: AnyApi): Version[] =>
  Array.from({ length: api.maxVersion - api.minVersion + 1 }, (_, i) => {
    return { api, version: api.minVersion + i };
  });

/**
 * What tshark 4.0 takes for something else than Kafka's message definitions say: it reads lists inside of lists as one
 * (replicas of assignments, partitions of topics), and leaves the throttle time of early answers out.
 */
const misread: readonly string[] = [
  ...[0, 1, 2, 3, 4, 5].map((version) => `CreateTopics v${version} request`),
  ...[1, 2].map((version) => `DeleteTopics v${version} answer`),
  ...[0, 1, 2].map((version) => `CreatePartitions v${version} request`),
  ...[1, 2].map((version) => `ElectLeaders v${version} request`),
];

/** A capture in which each version has a connection of its own: a request and its answer. */
function samples(versions: readonly Version[]): Uint8Array {
  const capture = beginCapture(named("first-light"));
  for (const [connection, { api, version }] of versions.entries()) {
    const base = { at: connection, connection, port: 9092, message: 0, last: true };
    const there = { ...base, way: 0, from: "p1", to: "b1" } as const;
    const back = { ...base, way: 1, from: "b1", to: "p1" } as const;
    const bytes = new Uint8Array(0);
    take(capture, { ...there, type: "syn", bytes });
    take(capture, { ...back, type: "accepted", bytes });
    take(capture, { ...there, type: "data", bytes: framed(sampleRequest(api, version)) });
    take(capture, { ...back, type: "data", bytes: framed(sampleResponse(api, version)) });
    take(capture, { ...there, type: "fin", bytes });
  }
  return written(capture.writer);
}

function framed(frame: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(frame.length + 4);
  new DataView(bytes.buffer).setInt32(0, frame.length);
  bytes.set(frame, 4);
  return bytes;
}
