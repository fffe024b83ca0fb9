/*
 * Writes small traces by hand, as the simulator would record them, for tests of the picture: who did what when.
 * Numbers of events are given in order; every method returns the number of the event that it wrote.
 */
import type { CoreEvent } from "#core";
import type { Fault, TraceBody, TraceEvent, TraceSilence } from "#sim";
import { crc32 } from "node:zlib";

export interface Told {
  readonly causes?: readonly number[];
  readonly silences?: readonly TraceSilence[];
}

export class Story {
  readonly events: TraceEvent[] = [];
  now = 0;

  /** Lets virtual time pass, in milliseconds. */
  wait(ms: number): this {
    this.now += Math.round(ms * 1000);
    return this;
  }

  tell(node: string, body: TraceBody, { causes = [], silences }: Told = {}): number {
    const seq = this.events.length;
    const base = { seq, at: this.now, node, causes, ...(silences ? { silences } : {}) };
    this.events.push({ ...base, ...body });
    return seq;
  }

  note(node: string, event: Loose<CoreEvent>, told: Told = {}): number {
    return this.tell(node, { type: "note", event: event as unknown as CoreEvent }, told);
  }

  start(node: string, life = 1, told: Told = {}): number {
    return this.tell(node, { type: "started", life, kind: kinds[node[0] ?? ""] ?? "admin" }, told);
  }

  send(from: string, to: string, api: string, ms: number, told: Told = {}): number {
    const frame = { connection: 0, version: 1, correlation: 1, bytes: 80, crc: 1 };
    const arrival = this.now + ms * 1000;
    return this.tell(from, { type: "sent", to, api, response: false, arrival, ...frame }, told);
  }

  receive(node: string, from: string, message: number): number {
    const body = { type: "received", connection: 0, from, bytes: 80, done: [message] } as const;
    return this.tell(node, body, { causes: [message] });
  }

  /** A record handed over and packed into a batch of its own; returns the batch's checksum. */
  pack(node: string, partition: string, keys: string): number {
    const calls = [...keys].map((key) => {
      const call = this.events.length;
      const value = `${node}-${call}`;
      const request = { type: "send", topic: "orders", partition: null, key, value, bytes: 20 };
      this.tell(node, { type: "called", call, request } as TraceBody);
      return call;
    });
    const crc = crc32(`${node}/${calls.join()}`);
    const rest = { producer: 1, producerEpoch: 0, sequence: 0, length: 100, attempt: 0 };
    this.note(node, { type: "batched", partition, calls, crc, ...rest });
    return crc;
  }

  append(node: string, partition: string, epoch: number, crc: number, base: number, count = 1) {
    const role = "follower";
    const place = { segment: 0, position: base * 100, length: count * 100 };
    const ids = { producer: 1, sequence: 0, crc, epoch };
    const next = base + count;
    return this.note(node, { type: "appended", partition, role, base, next, ...place, ...ids });
  }

  highWatermark(node: string, partition: string, offset: number, role = "leader"): number {
    return this.note(node, { type: "highWatermark", partition, epoch: 0, offset, role } as never);
  }

  acknowledge(node: string, call: number, partition: string, offset: number): number {
    const outcome = { type: "acknowledged", partition, offset } as const;
    return this.tell(node, { type: "result", call, outcome });
  }

  elect(
    partition: string,
    leader: number,
    epoch: number,
    isr: readonly number[],
    told: Told & { readonly why?: string; readonly elr?: readonly number[] } = {},
  ): number {
    const { why = "elected", elr = [] } = told;
    const change = { partition, leader, epoch, partitionEpoch: epoch, isr, elr, why };
    const event = { type: "partitionChanged", replicas: [1, 2, 3], ...change };
    return this.note("c1", event as never, told);
  }

  lead(node: string, partition: string, epoch: number): number {
    const isr = [1, 2, 3];
    const leader = Number(node.slice(1));
    const role = { role: "leader", epoch, leader, isr, start: 0 };
    return this.note(node, { type: "roleTaken", partition, ...role } as never);
  }

  /** A fault that strikes `target` and what follows at once. */
  strike(type: "crash" | "powerLoss" | "pause", target: string, index = 0): number {
    const fault = { type, target: { node: target }, atMs: this.now / 1000 } as Fault;
    const sentence = `${target} is struck`;
    const struck = this.tell("", {
      type: "fault",
      index,
      fault,
      targets: [target],
      met: true,
      sentence,
    });
    const causes = [struck];
    if (type === "pause") this.tell(target, { type: "paused" }, { causes });
    else this.tell(target, { type: "down", how: type }, { causes });
    return struck;
  }
}

/** Brands off: tests write plain numbers. */
type Loose<T> = T extends number ? number : T extends object ? { [K in keyof T]: Loose<T[K]> } : T;

const kinds: Readonly<
  Record<string, "broker" | "controller" | "producer" | "consumer" | "verifier">
> = { b: "broker", c: "controller", p: "producer", k: "consumer", v: "verifier" };

/** Three brokers, one controller and a producer; `orders-0` is led by b1, which has written `keys`. */
export function leaderWith(keys: string): Story {
  const story = new Story();
  for (const node of ["c1", "b1", "b2", "b3", "p1", "k1"]) story.start(node);
  story.elect("orders-0", 1, 0, [1, 2, 3], { why: "created" });
  story.lead("b1", "orders-0", 0);
  [...keys].forEach((key, offset) => {
    const crc = story.wait(1).pack("p1", "orders-0", key);
    for (const node of ["b1", "b2", "b3"]) {
      story.wait(1).append(node, "orders-0", 0, crc, offset);
    }
    story.highWatermark("b1", "orders-0", offset + 1);
  });
  return story;
}
