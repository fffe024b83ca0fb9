import type { BrokerEpoch, BrokerId, Files, LeaderEpoch, PartitionEpoch } from "#core";
import { offset, uuid } from "#core";
import { openLog } from "../../core/log/log.ts";
import { type Assignment, becomeLeader } from "../../core/replication/leader.ts";
import { becomeFollower } from "../../core/replication/follower.ts";
import {
  newPartition,
  type Partition,
  type ReplicationView,
} from "../../core/replication/partition.ts";
import { encodeBatch } from "../../core/wire/batch.ts";
import { utf8Bytes } from "../../core/foundation/utf8.ts";
import { memoryFiles } from "./memory-files.ts";
import { id, turnAt } from "./turns.ts";

export const lagMax = 1000;

/** Brokers 1 to 3, all registered under epoch 10 and in service. */
export function viewFor(
  self: number,
  changes: Partial<Record<number, object>> = {},
): ReplicationView {
  const brokers = new Map(
    [1, 2, 3].map((broker) => [
      id(broker),
      {
        endpoint: { host: `b${broker}`, port: 9092 },
        epoch: 10 as BrokerEpoch,
        fenced: false,
        inControlledShutdown: false,
        rack: null,
        ...changes[broker],
      },
    ]),
  );
  return { self: id(self), brokers, lagMax };
}

/** An assignment of replicas 1, 2, 3. */
export function assigned(
  leader: number,
  epoch: number,
  isr: readonly number[],
  more: { readonly partitionEpoch?: number; readonly minIsr?: number } = {},
): Assignment {
  return {
    leader: id(leader),
    leaderEpoch: epoch as LeaderEpoch,
    partitionEpoch: (more.partitionEpoch ?? epoch) as PartitionEpoch,
    isr: isr.map(id),
    replicas: [1, 2, 3].map(id),
    minIsr: more.minIsr ?? 2,
  };
}

export interface Replica {
  readonly files: Files;
  readonly partition: Partition;
  readonly view: ReplicationView;
}

/** An empty replica of `orders-0` on broker `self`. */
export function newReplica(self: number, view = viewFor(self)): Replica {
  const files = memoryFiles();
  const config = {
    segmentBytes: 1 << 20,
    indexIntervalBytes: 4096,
    indexMaxBytes: 1 << 16,
    rollMs: 1e9,
    maxBatchBytes: 1 << 20,
    flushMessages: Number.MAX_SAFE_INTEGER,
    producerIdExpirationMs: 1e9,
    retentionMs: -1,
    retentionBytes: -1,
  };
  const start = { clean: true, recoveryPoint: offset(0), start: offset(0) };
  const { log } = openLog(files, "orders-0", config, start);
  const topic = uuid("00000000-0000-0000-0000-00000000000a");
  return { files, partition: newPartition("orders", topic, 0, log, offset(0)), view };
}

export function lead(replica: Replica, epoch: number, isr: readonly number[], more = {}): void {
  const self = replica.view.self as number;
  becomeLeader(
    replica.partition,
    assigned(self, epoch, isr, more),
    replica.view,
    turnAt(replica.files, 0),
  );
}

export function followBroker(replica: Replica, leader: number, epoch: number): void {
  becomeFollower(replica.partition, assigned(leader, epoch, [1, 2, 3]), turnAt(replica.files, 0));
}

/** A batch as a producer sends it, without idempotence unless one is named: one record a value. */
export function batchOf(
  values: readonly string[],
  more: { producer?: number; sequence?: number; epoch?: number } = {},
): Uint8Array {
  return encodeBatch(
    {
      baseOffset: offset(0),
      leaderEpoch: -1,
      producerId: more.producer ?? -1,
      producerEpoch: more.producer === undefined ? -1 : (more.epoch ?? 0),
      baseSequence: more.sequence ?? -1,
      records: values.map((value) => ({
        timestamp: 0,
        key: null,
        value: utf8Bytes(value),
        headers: [],
      })),
    },
    (length: number) => new Uint8Array(length),
  );
}

export type { BrokerId };
