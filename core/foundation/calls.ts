/*
 * What an application asks of its client, and what it is told. Records keep key and value as bytes; a history
 * names a record by what its value says.
 */
import type { BrokerId, LeaderEpoch, Millis, Offset } from "./ids.ts";

/** A record as an application hands it over. */
export interface ProducerRecord {
  readonly topic: string;
  /** Absent: the client picks by key, or keeps to one partition for a while when there is no key. */
  readonly partition?: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers?: readonly RecordHeader[];
  /** Wall clock; absent: the client's own. */
  readonly timestamp?: Millis;
}

export interface RecordHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}

/** A record as a consumer hands it out. */
export interface ConsumerRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: Offset;
  readonly leaderEpoch: LeaderEpoch;
  readonly timestamp: Millis;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Where a consumer stands: the next offset it will hand out. */
export interface Position extends TopicPartition {
  readonly offset: Offset;
}

export interface NewTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Kafka's topic configuration keys. */
  readonly configs: Readonly<Record<string, string>>;
}

/** What an operator asks of the cluster through an admin. */
export type AdminCall =
  /** Which brokers are alive. */
  | { readonly type: "describeCluster" }
  | { readonly type: "createTopics"; readonly topics: readonly NewTopic[] }
  | { readonly type: "deleteTopics"; readonly topics: readonly string[] }
  /** `count`: how many there are to be in all. */
  | { readonly type: "createPartitions"; readonly topic: string; readonly count: number }
  /** `name`: a topic's, a broker's id, or "" for all brokers. A value of null deletes the setting. */
  | {
      readonly type: "alterConfigs";
      readonly resource: "topic" | "broker";
      readonly name: string;
      readonly configs: Readonly<Record<string, string | null>>;
    }
  /** Everything before an offset is to go; undefined: everything that is committed (KIP-107). */
  | {
      readonly type: "deleteRecords";
      readonly topic: string;
      readonly partition: number;
      readonly before: Offset | undefined;
    }
  | {
      readonly type: "electLeaders";
      readonly election: "preferred" | "unclean";
      readonly partitions: readonly TopicPartition[];
    };

/** One call of an application. A poll is answered when records are there or its time is over. */
export type ClientCall =
  | AdminCall
  | { readonly type: "send"; readonly record: ProducerRecord }
  | { readonly type: "flush" }
  | { readonly type: "assign"; readonly partitions: readonly TopicPartition[] }
  | { readonly type: "assignTopic"; readonly topic: string }
  | {
      readonly type: "seek";
      readonly topic: string;
      readonly partition: number;
      readonly to: Offset | "earliest" | "latest";
    }
  | { readonly type: "poll"; readonly timeout: Millis }
  /** End offsets (high watermarks) of the assigned partitions. */
  | { readonly type: "endOffsets" };

/**
 * What a call came to. For a send: `acknowledged` (the broker said so), `sent` (acks=0: nobody was asked),
 * `failed` (it was certainly not appended by this client), `unknown` (it may or may not be in the log, now or later).
 */
export type ClientOutcome =
  | {
      readonly type: "acknowledged";
      readonly topic: string;
      readonly partition: number;
      readonly offset: Offset;
    }
  | { readonly type: "sent"; readonly topic: string; readonly partition: number }
  | { readonly type: "failed"; readonly error: string; readonly reason: string }
  | { readonly type: "unknown"; readonly reason: string }
  | {
      readonly type: "polled";
      readonly records: readonly ConsumerRecord[];
      /** After this poll, for every assigned partition whose position is known. */
      readonly positions: readonly Position[];
    }
  | { readonly type: "endOffsets"; readonly offsets: readonly Position[] }
  /** Brokers that are registered and not fenced. */
  | { readonly type: "cluster"; readonly brokers: readonly BrokerId[] }
  | { readonly type: "done" };
