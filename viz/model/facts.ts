/*
 * What later events refer to by name: a call by its number, a batch by its checksum, a message by its event.
 * Facts never change once told, so one table serves every moment of a run; a picture only looks up what it
 * has already met.
 */
import type { Micros, NodeName, TraceEvent } from "#sim";

/** A record as its producer's application named it. */
export interface RecordFact {
  readonly call: number;
  readonly key: string | null;
  readonly value: string;
  /** Key and value. */
  readonly bytes: number;
  /** When its producer was called: its timestamp, where that machine's clock is right. */
  readonly at: Micros;
  /** The `called` event. */
  readonly event: number;
}

/** What is inside a batch: its producer's records, in offset order. */
export interface BatchFact {
  readonly producer: NodeName;
  readonly records: readonly RecordFact[];
  /** The `batched` note of the first try. */
  readonly event: number;
}

export interface Facts {
  /** By `node/call`, while a batch may still name it. */
  readonly calls: Map<string, RecordFact>;
  /** By CRC of the batch. */
  readonly batches: Map<number, BatchFact>;
}

export const newFacts = (): Facts => ({ calls: new Map(), batches: new Map() });

export function learn(facts: Facts, event: TraceEvent): void {
  if (event.type === "called" && event.request.type === "send") {
    const { key, value, bytes } = event.request;
    const record = { call: event.call, key, value, bytes, at: event.at, event: event.seq };
    facts.calls.set(callName(event.node, event.call), record);
  }
  if (event.type !== "note" || event.event.type !== "batched") return;
  const { crc, calls } = event.event;
  if (facts.batches.has(crc)) return;
  const records = calls
    .map((call) => facts.calls.get(callName(event.node, call)))
    .filter((record) => record !== undefined);
  facts.batches.set(crc, { producer: event.node, records, event: event.seq });
}

/** Under what name a call is known. */
export const callName = (node: NodeName, call: number): string => `${node}/${call}`;
