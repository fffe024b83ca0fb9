import type { NewTopic } from "#core";
import type { PackedRecords } from "./own-records.ts";
import type { ConsumerSpec, ProducerSpec } from "../scenario/schema.ts";
import type { Micros } from "../trace/events.ts";

/** Asks who is there until every broker is, then creates the scenario's topics, again and again until all are there. */
export interface AdminApplication {
  readonly type: "admin";
  /** How many brokers it waits for. */
  readonly brokers: number;
  /** When it waits for them no longer; undefined before its first step. */
  until: Micros | undefined;
  /** Whether it waits no longer. */
  ready: boolean;
  readonly topics: readonly NewTopic[];
}

/**
 * Sends records at drawn intervals. A record's value begins with its unique name: `p1-17`; one of somebody's own has it in
 * a header.
 */
export interface ProducerApplication {
  readonly type: "producer";
  readonly spec: Omit<ProducerSpec, "records">;
  /** Records of somebody's own; undefined: they are drawn. */
  readonly own: PackedRecords | undefined;
  /** Of the process: a restarted one names its records anew. */
  readonly life: number;
  sent: number;
  /** Sends that are not answered. */
  open: number;
  over: boolean;
}

/** Reads a topic for as long as the run lasts, and asks now and then where it ends. */
export interface ConsumerApplication {
  readonly type: "consumer";
  readonly spec: ConsumerSpec;
  /** Has its topic. */
  assigned: boolean;
}

/** Reads every topic from its beginning to the ends that it was told at its start. */
export interface VerifierApplication {
  readonly type: "verifier";
  readonly topics: readonly string[];
  /** Topics whose partitions are not assigned yet. */
  unassigned: number;
  /** The ends by partition name, once they are known. */
  ends: ReadonlyMap<string, number> | undefined;
}

/** What runs on top of a client. */
export type Application =
  AdminApplication | ProducerApplication | ConsumerApplication | VerifierApplication;
