// Traces made by hand: just the events that a checker looks at, in a row.
import {
  type AnyGuarantee,
  type Fault,
  type Judgement,
  judgementOf,
  parseScenario,
  type Scenario,
  type TraceBody,
  type TraceEvent,
} from "#sim";

type Note = Extract<TraceBody, { type: "note" }>["event"];

/** A scenario of three brokers, one topic and one producer, as far as checkers read it. */
export function scenarioWith(
  changes: {
    readonly acks?: "all" | "0" | "1";
    readonly idempotent?: boolean;
    readonly unclean?: boolean;
    readonly lagMs?: number;
    readonly faults?: readonly Fault[];
  } = {},
): Scenario {
  const {
    acks = "all",
    idempotent = acks === "all",
    unclean = false,
    lagMs,
    faults = [],
  } = changes;
  return parseScenario({
    version: 1,
    name: "by-hand",
    durationMs: 10_000,
    cluster: {
      brokers: [{ id: 1 }, { id: 2 }, { id: 3 }],
      config: lagMs === undefined ? {} : { "replica.lag.time.max.ms": lagMs },
    },
    topics: [
      {
        name: "orders",
        partitions: 1,
        replicationFactor: 3,
        config: { "unclean.leader.election.enable": unclean },
      },
    ],
    workload: {
      producers: [
        {
          name: "p1",
          topic: "orders",
          endMs: 9000,
          config: { acks, "enable.idempotence": idempotent },
        },
      ],
    },
    faults,
  });
}

/** A trace in the making; each call adds one event a millisecond later. */
export class HandMade {
  readonly events: TraceEvent[] = [];
  #calls = 0;
  #end = 0;
  #position = 0;

  add(node: string, body: TraceBody): this {
    const seq = this.events.length;
    this.events.push({ seq, at: seq * 1000, node, causes: [], ...body });
    return this;
  }

  note(node: string, event: Note): this {
    return this.add(node, { type: "note", event });
  }

  /** The controller commits who leads orders-0 and who is in sync; the registered epochs are those given by `register`. */
  isr(...isr: number[]): this {
    return this.eligible(isr, []);
  }

  /** The same, with the replicas that are eligible to lead without being in sync (KIP-966). */
  eligible(isr: readonly number[], elr: readonly number[]): this {
    return this.note("c1", {
      type: "partitionChanged",
      partition: "orders-0",
      replicas: [1, 2, 3],
      leader: isr[0] ?? -1,
      epoch: 0,
      partitionEpoch: 0,
      isr,
      elr,
      lastKnownElr: [],
      why: "isr",
    } as unknown as Note);
  }

  /** A topic of the name is made, with an id of its own; where that stands in the metadata log. */
  created(at: number, id: string): this {
    this.#end = 0;
    const what = { type: "topicCreated", at, topic: "orders", id, partitions: 1, configs: {} };
    return this.note("c1", what as unknown as Note);
  }

  /** A broker drops its replica of orders-0: the topic is gone. */
  drop(broker: number): this {
    return this.note(`b${broker}`, { type: "replicaDeleted", partition: "orders-0" });
  }

  /** A broker's disk is gone, and orders-0 with it. */
  emptyDisk(broker: number): this {
    this.down(broker, "powerLoss");
    const hurt = { why: "emptied" as const, before: 1000, after: 0, from: 0 };
    const file = "orders-0/00000000000000000000.log";
    return this.add(`b${broker}`, { type: "fileHurt", file, ...hurt });
  }

  /** A bit of orders-0 changes by itself on a broker's disk; a record is 100 bytes long. */
  rot(broker: number, from: number): this {
    const hurt = { why: "rotten" as const, before: 1000, after: 1000, from };
    const file = "orders-0/00000000000000000000.log";
    return this.add(`b${broker}`, { type: "fileHurt", file, ...hurt });
  }

  /** A replica of orders-0 believes that so many offsets are committed. */
  highWatermark(broker: number, offset: number, role: "leader" | "follower"): this {
    const what = { type: "highWatermark", partition: "orders-0", epoch: 0, offset, role };
    return this.note(`b${broker}`, what as unknown as Note);
  }

  register(broker: number, epoch: number): this {
    return this.note("c1", {
      type: "brokerRegistered",
      broker,
      epoch,
      incarnation: "00000000-0000-0000-0000-000000000001",
    } as unknown as Note);
  }

  /** p1 sends one record; its call. */
  send(value: string): number {
    const call = ++this.#calls;
    this.add("p1", {
      type: "called",
      call,
      request: { type: "send", topic: "orders", partition: null, key: null, value, bytes: 10 },
    });
    return call;
  }

  /** p1 sends a record in a batch of its own and brokers append it at the end of the log; its call. */
  append(value: string, ...brokers: number[]): number {
    const call = this.send(value);
    const crc = 1000 + call;
    this.note("p1", {
      type: "batched",
      partition: "orders-0",
      calls: [call],
      crc,
    } as unknown as Note);
    for (const broker of brokers) {
      this.note(`b${broker}`, {
        type: "appended",
        partition: "orders-0",
        base: this.#end,
        epoch: 0,
        next: this.#end + 1,
        crc,
        segment: 0,
        position: this.#position,
        length: 100,
      } as unknown as Note);
    }
    this.#end += 1;
    this.#position += 100;
    return call;
  }

  /** The next record is appended at this offset: what stood from there on is gone. */
  place(offset: number): this {
    this.#end = offset;
    this.#position = 100 * offset;
    return this;
  }

  acknowledge(call: number, offset: number): this {
    const outcome = { type: "acknowledged" as const, partition: "orders-0", offset };
    return this.add("p1", { type: "result", call, outcome });
  }

  /** A record at `offset` on all three brokers, acknowledged. */
  safe(value: string, offset: number): this {
    return this.acknowledge(this.append(value, 1, 2, 3), offset);
  }

  down(broker: number, how: "crash" | "powerLoss" | "stopped" | "failed"): this {
    return this.add(`b${broker}`, { type: "down", how });
  }

  /** A power loss that takes the bytes of orders-0 from `from` on. */
  powerLoss(broker: number, from: number): this {
    this.down(broker, "powerLoss");
    const file = "orders-0/00000000000000000000.log";
    return this.add(`b${broker}`, {
      type: "fileHurt",
      file,
      why: "unsynced",
      before: 1000,
      after: from,
      from,
    });
  }

  /** A reader gets records from `offset` on, one after another; `p1-7@2` was appended under epoch 2, others under 0. */
  read(reader: string, offset: number, ...values: string[]): this {
    const records = values.map((text, i) => {
      const [value = "", epoch = "0"] = text.split("@");
      const at = { partition: "orders-0", offset: offset + i, epoch: Number(epoch) };
      return { ...at, key: null, value, crc: 7 };
    });
    return this.add(reader, {
      type: "result",
      call: ++this.#calls,
      outcome: { type: "polled", records, positions: [] },
    });
  }

  /** A broker lets everything before `to` go. */
  letGo(broker: number, to: number, why: "deleteRecords" | "retention" | "leader"): this {
    return this.note(`b${broker}`, {
      type: "logStartRaised",
      partition: "orders-0",
      to,
      why,
    } as unknown as Note);
  }

  /** After the heal a fresh reader reads the partition from its beginning; the run ends. */
  verify(...values: string[]): this {
    return this.verifyFrom(0, ...values);
  }

  /** The same, where the partition begins at `start`. */
  verifyFrom(start: number, ...values: string[]): this {
    this.add("", { type: "phase", phase: "verify", complete: false });
    this.read("v1", start, ...values);
    return this.add("", { type: "phase", phase: "end", complete: true });
  }
}

/** What a guarantee says of a trace. */
export function judged(
  guarantee: AnyGuarantee,
  scenario: Scenario,
  { events }: HandMade,
  claimed = false,
): Judgement {
  const state = guarantee.begin(scenario);
  for (const event of events) guarantee.step(state, event);
  return judgementOf(guarantee.id, guarantee.verdict(state), claimed);
}

/** The guarantee of that id. */
export function guaranteeOf(all: readonly AnyGuarantee[], id: string): AnyGuarantee {
  const found = all.find((one) => one.id === id);
  if (found === undefined) throw new RangeError(`no guarantee ${id}`);
  return found;
}
