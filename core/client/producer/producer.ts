/*
 * A producer (Kafka's KafkaProducer): calls go in, records travel in batches, each send is answered once.
 */
import type { ClientCall } from "../../foundation/calls.ts";
import { type CallId, millis, producerId } from "../../foundation/ids.ts";
import type { ProducerSettings } from "../../foundation/settings.ts";
import { note, type Turn } from "../../foundation/turn.ts";
import { initProducerId, type InitProducerIdResponse } from "../../wire/api/init-producer-id.ts";
import { errorName } from "../../wire/errors.ts";
import { retryAfter } from "../backoff.ts";
import { anyPeer } from "../network/cluster.ts";
import { request } from "../network/peers.ts";
import { resolve } from "../outcome.ts";
import type { Client } from "../state.ts";
import { wakeBy } from "../wake.ts";
import { addRecord, placeRecords } from "./accumulator.ts";
import { expireBatches, sendBatches } from "./sender.ts";
import { resolveSequences } from "./sequences.ts";
import type { Producer } from "./state.ts";

export const newProducer = (settings: ProducerSettings): Producer => ({
  type: "producer",
  // As in Kafka, idempotence needs every in-sync replica's word.
  idempotent: settings["enable.idempotence"] && settings.acks === "all",
  producerId: -1,
  producerEpoch: -1,
  askingId: false,
  idFailures: 0,
  askIdAfter: millis(0),
  nextBatch: 0,
  queues: new Map(),
  unplaced: [],
  sticky: new Map(),
  buffered: 0,
  open: new Set(),
  flushes: [],
});

export function onProducerCall(
  self: Client,
  producer: Producer,
  settings: ProducerSettings,
  call: CallId,
  asked: ClientCall,
  turn: Turn,
): void {
  if (asked.type === "send") return addRecord(self, producer, settings, call, asked.record, turn);
  if (asked.type === "flush") {
    producer.flushes.push({ call, open: new Set(producer.open) });
    return;
  }
  const reason = `A producer does not know ${asked.type}.`;
  resolve(self, call, { type: "failed", error: "INVALID_REQUEST", reason }, turn);
}

/** Does all that can be done now. */
export function advanceProducer(
  self: Client,
  producer: Producer,
  settings: ProducerSettings,
  turn: Turn,
): void {
  expireBatches(self, producer, settings, turn);
  placeRecords(self, producer, settings, turn);
  if (producer.idempotent) {
    askProducerId(self, producer, turn);
    for (const queue of producer.queues.values()) resolveSequences(producer, queue, turn);
  }
  sendBatches(self, producer, settings, turn);
  while (producer.flushes[0]?.open.size === 0) {
    const flush = producer.flushes.shift();
    if (flush !== undefined) resolve(self, flush.call, { type: "done" }, turn);
  }
}

function askProducerId(self: Client, producer: Producer, turn: Turn): void {
  if (producer.producerId !== -1 || producer.askingId || producer.open.size === 0) return;
  if (producer.askIdAfter > turn.now.monotonic) return wakeBy(self, producer.askIdAfter);
  const peer = anyPeer(self, turn);
  if (peer === undefined) return;
  // Without transactions the time-out means nothing; Kafka's client sends its greatest.
  const body = { transactionalId: null, transactionTimeoutMs: 0x7fffffff };
  producer.askingId = request(self, peer, initProducerId, body, { type: "initProducerId" }, turn);
}

/** The broker gave an id, or did not (undefined: nothing was heard). */
export function onProducerId(
  self: Client,
  producer: Producer,
  response: InitProducerIdResponse | undefined,
  turn: Turn,
): void {
  producer.askingId = false;
  if (response === undefined || response.errorCode !== 0) {
    const reason = response === undefined ? "NETWORK_EXCEPTION" : errorName(response.errorCode);
    note(turn, { type: "retried", api: "InitProducerId", reason });
    producer.idFailures += 1;
    producer.askIdAfter = retryAfter(self, producer.idFailures, turn);
    return;
  }
  producer.idFailures = 0;
  producer.producerId = response.producerId;
  producer.producerEpoch = response.producerEpoch;
  const { producerEpoch } = response;
  note(turn, { type: "producerId", producer: producerId(response.producerId), producerEpoch });
}
