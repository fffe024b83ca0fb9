/*
 * Machines that know no Kafka, for tests of the world: clients send numbered frames, brokers write them to files
 * in every way that the port offers and echo them, and both check what they get.
 */
import {
  type CallId,
  type ConnectionId,
  type Effect,
  type Endpoint,
  type Input,
  InvariantError,
  type Now,
  type Ports,
} from "#core";
import type { Machines, NodeSpec } from "#sim";
import type { Fault, Scenario } from "../../../sim/scenario/schema.ts";

const label = { api: 0, version: 9, correlation: 0, response: false };

/** One stream of frames: int32 length, int32 number, then bytes that follow from the number. */
interface Stream {
  nextOut: number;
  nextIn: number;
  rest: Uint8Array;
}

export interface Toy {
  readonly name: string;
  readonly peers: string[];
  nextConnection: number;
  streams: Map<number, Stream>;
  parked: [number, number][];
  calls: [number, number][];
  handled: number;
  fullness: number;
}

const newToy = (name: string, peers: string[]): Toy => ({
  name,
  peers,
  nextConnection: 2,
  streams: new Map(),
  parked: [],
  calls: [],
  handled: 0,
  fullness: 0,
});

const byteOf = (number: number, i: number): number => (number * 31 + i * 7) & 0xff;

function frame(number: number, size: number, ports: Ports): Uint8Array {
  const bytes = ports.bytes(8 + size);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  view.setInt32(0, 4 + size);
  view.setInt32(4, number);
  for (let i = 0; i < size; i++) bytes[8 + i] = byteOf(number, i);
  return bytes;
}

/** Whole frames that `bytes` completes, checked: numbers in order, bytes as sent. */
function framesIn(stream: Stream, bytes: Uint8Array): { number: number; body: Uint8Array }[] {
  const all = new Uint8Array(stream.rest.length + bytes.length);
  all.set(stream.rest);
  all.set(bytes, stream.rest.length);
  const found = [];
  let at = 0;
  while (at + 4 <= all.length) {
    const view = new DataView(all.buffer, at);
    const length = view.getInt32(0);
    if (at + 4 + length > all.length) break;
    const number = view.getInt32(4);
    const body = all.slice(at + 8, at + 4 + length);
    if (number !== stream.nextIn++) throw new InvariantError(`frame ${number} is out of order`);
    for (const [i, byte] of body.entries()) {
      if (byte !== byteOf(number, i)) throw new InvariantError(`frame ${number} is damaged`);
    }
    found.push({ number, body });
    at += 4 + length;
  }
  stream.rest = all.slice(at);
  return found;
}

function sendFrame(
  self: Toy,
  connection: number,
  size: number,
  ports: Ports,
  outbox: Effect[],
): void {
  const stream = self.streams.get(connection);
  if (stream === undefined) return;
  const bytes = frame(stream.nextOut++, size, ports);
  outbox.push({ type: "send", connection: connection as ConnectionId, bytes, frame: label });
}

function onConnection(self: Toy, input: Input): void {
  if (input.type === "opened") {
    self.streams.set(input.connection, { nextOut: 0, nextIn: 0, rest: new Uint8Array(0) });
  } else if (input.type === "closed") self.streams.delete(input.connection);
  else if (input.type === "filled") self.fullness++;
  else if (input.type === "drained") self.fullness--;
}

/** Writes somewhere, somehow: what the draw says. */
function write(self: Toy, body: Uint8Array, ports: Ports): void {
  const { files } = ports;
  files.append("log/0", body);
  const choice = ports.random() % 16;
  if (choice === 0) files.fsync("log/0");
  if (choice === 1) files.writeAt("log/index", (ports.random() % 10_000) >>> 0, body);
  if (choice === 2 && files.size("log/0") !== undefined) {
    files.truncate("log/0", Math.floor(((files.size("log/0") ?? 0) * 3) / 4));
  }
  if (choice === 3) {
    files.append("temp", body);
    files.fsync("temp");
    files.rename("temp", "checkpoint");
    files.fsyncFolder("");
  }
  if (choice === 4) files.fsyncFolder("log");
  if (choice === 5) files.remove("log/index");
  self.handled++;
}

function stepServer(self: Toy, now: Now, input: Input, ports: Ports, outbox: Effect[]): void {
  onConnection(self, input);
  if (input.type === "started") {
    self.nextConnection = input.id * 2 + 2;
    const size = ports.files.size("log/0") ?? 0;
    if (size > 0) ports.files.read("log/0", 0, size);
    outbox.push({ type: "setTimer", timer: "tick", at: (now.monotonic + 5) as never });
  } else if (input.type === "stop") {
    if (ports.files.size("log/0") !== undefined) ports.files.fsync("log/0");
    outbox.push({ type: "exit" });
  } else if (input.type === "timer" && input.timer === "tick") {
    for (const [connection, size] of self.parked) sendFrame(self, connection, size, ports, outbox);
    self.parked = [];
    outbox.push({ type: "setTimer", timer: "tick", at: (now.monotonic + 5) as never });
  } else if (input.type === "received") {
    const stream = self.streams.get(input.connection);
    if (stream === undefined) throw new InvariantError("bytes without a connection");
    for (const { body } of framesIn(stream, input.bytes)) {
      write(self, body, ports);
      // Answers leave in order: once one is parked, all behind it are.
      const waits = self.parked.some(([connection]) => connection === input.connection);
      if (waits || ports.random() % 4 === 0) self.parked.push([input.connection, body.length]);
      else sendFrame(self, input.connection, body.length, ports, outbox);
    }
  }
}

function connectAll(self: Toy, outbox: Effect[]): void {
  for (const host of self.peers) {
    const connection = self.nextConnection as ConnectionId;
    self.nextConnection += 2;
    const to: Endpoint = { host, port: 9092 };
    outbox.push({ type: "connect", connection, to });
  }
}

function stepClient(self: Toy, now: Now, input: Input, ports: Ports, outbox: Effect[]): void {
  onConnection(self, input);
  if (input.type === "started") {
    self.nextConnection = input.id * 2 + 2;
    connectAll(self, outbox);
  } else if (input.type === "stop") outbox.push({ type: "exit" });
  else if (input.type === "closed") {
    for (const [call, connection] of self.calls) {
      if (connection !== input.connection) continue;
      const outcome = { type: "unknown" as const, reason: "disconnected" };
      outbox.push({ type: "result", call: call as CallId, outcome });
    }
    self.calls = self.calls.filter(([, connection]) => connection !== input.connection);
    outbox.push({ type: "setTimer", timer: "reconnect", at: (now.monotonic + 10) as never });
  } else if (input.type === "timer" && input.timer === "reconnect") {
    for (const connection of self.streams.keys()) {
      outbox.push({ type: "close", connection: connection as ConnectionId });
    }
    self.streams.clear();
    for (const [call] of self.calls) {
      const outcome = { type: "unknown" as const, reason: "closed" };
      outbox.push({ type: "result", call: call as CallId, outcome });
    }
    self.calls = [];
    connectAll(self, outbox);
  } else if (input.type === "call" && input.request.type === "send") {
    const open = [...self.streams.keys()];
    const connection = open[ports.random() % Math.max(1, open.length)];
    if (connection === undefined || self.fullness > 0) {
      const outcome = {
        type: "failed" as const,
        error: "NETWORK_EXCEPTION",
        reason: "no connection",
      };
      outbox.push({ type: "result", call: input.call, outcome });
      return;
    }
    self.calls.push([input.call, connection]);
    sendFrame(self, connection, input.request.record.value?.length ?? 0, ports, outbox);
  } else if (input.type === "received") {
    const stream = self.streams.get(input.connection);
    if (stream === undefined) throw new InvariantError("bytes without a connection");
    for (const { number } of framesIn(stream, input.bytes)) {
      const at = self.calls.findIndex(([, connection]) => connection === input.connection);
      if (at < 0) throw new InvariantError("an answer to nothing");
      const [[call]] = self.calls.splice(at, 1) as [[number, number]];
      const outcome = { type: "sent" as const, topic: "orders", partition: number };
      outbox.push({ type: "result", call: call as CallId, outcome });
    }
  }
}

interface ToyApplication {
  readonly kind: string;
  calls: number;
}

/** Machines of this file. `fault` makes a server throw when it has handled that many frames. */
export const toys: Machines = {
  broker: {
    create: (_scenario: Scenario, { name }: NodeSpec) => newToy(name, []),
    step: (self, now, input, ports, outbox) => stepServer(self as Toy, now, input, ports, outbox),
  },
  controller: {
    create: (_scenario: Scenario, { name }: NodeSpec) => newToy(name, []),
    step: (self, now, input, ports, outbox) => stepServer(self as Toy, now, input, ports, outbox),
  },
  client: {
    create: ({ cluster }: Scenario, { name }: NodeSpec) =>
      newToy(
        name,
        cluster.brokers.map(({ id }) => `b${id}`),
      ),
    step: (self, now, input, ports, outbox) => stepClient(self as Toy, now, input, ports, outbox),
  },
  application: {
    create: (_scenario: Scenario, { kind }: NodeSpec): ToyApplication => ({ kind, calls: 0 }),
    step: (state, now, event, random, outbox) => {
      const self = state as ToyApplication;
      if (self.kind === "verifier") return void outbox.push({ type: "finished" });
      if (self.kind !== "producer") return;
      if (event.type === "wake") {
        if (++self.calls > 100) return void outbox.push({ type: "finished" });
        outbox.push({ type: "wake", at: now + 200 + (random() % 1800) });
        const value = new Uint8Array(1 + (random() % 300)).fill(65);
        outbox.push({
          type: "call",
          request: { type: "send", record: { topic: "orders", key: null, value } },
        });
      }
    },
  },
};

/** A small scenario; the toys do not look at its topics. */
export const toyScenario = (seed: string, faults: Fault[] = []): Scenario =>
  ({
    version: 1,
    name: "toy",
    title: "",
    about: "",
    seed,
    durationMs: 120,
    cluster: { brokers: [1, 2].map((id) => ({ id, rack: `r${id}` })), controllers: [], config: {} },
    network: { latencyUs: [100, 700], splitPercent: 20, windowBytes: 900 },
    disk: { appendUs: [3, 30], fsyncUs: [200, 2000], metadataUs: [20, 90], writeBackMs: [3, 12] },
    topics: [],
    workload: {
      producers: ["p1", "p2"].map((name) => ({ name })),
      consumers: [],
    },
    faults,
  }) as unknown as Scenario;
