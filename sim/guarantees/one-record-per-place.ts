import type { TraceEvent } from "../trace/events.ts";
import type { Guarantee } from "./guarantee.ts";
import { judgePlain, newPlain, type Plain, plainVerdict } from "./plain.ts";

interface State extends Plain {
  /** By partition, base offset and leader epoch: the checksum of the batch. */
  readonly batches: Map<string, number>;
}

/** Raft's log matching, as Kafka has it (KIP-101): offset and leader epoch name one record. */
export const oneRecordPerPlace: Guarantee<State> = {
  id: "one-record-per-place",
  sentence: "The same offset under the same leader epoch is the same record on every replica.",
  why: "Replicas find out where their logs part by comparing epochs: if one name could mean two records, they would not.",
  preconditions: [],
  begin: () => ({ ...newPlain(), batches: new Map() }),
  step: (state, event: TraceEvent) => {
    if (event.type !== "note") return;
    const what = event.event;
    if (what.type === "replicaDeleted") {
      // A topic that is made again under the name counts from 0 again.
      for (const key of state.batches.keys())
        if (key.startsWith(`${what.partition} `)) state.batches.delete(key);
    }
    if (what.type !== "appended") return;
    const key = `${what.partition} ${what.base} ${what.epoch}`;
    const before = state.batches.get(key) ?? what.crc;
    state.batches.set(key, before);
    judgePlain(
      state,
      event,
      before === what.crc,
      () =>
        `${event.node} appended another batch at offset ${what.base} of ${what.partition} under epoch ${what.epoch} than stood there before.`,
    );
  },
  verdict: plainVerdict,
};
