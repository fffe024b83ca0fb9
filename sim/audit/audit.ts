/*
 * What a look into a process shows: its memory, held against its own disk. Audits stand beside the trace, as what
 * checkers say does: they move no hash and have no number, and nobody makes them unless somebody asks for them.
 */
import type { CoreEvent } from "#core";
import type { Micros, NodeName } from "../trace/events.ts";
import type { NodeKind } from "../world/state.ts";
import type { DiskView } from "../world/disk/view.ts";

/** Fingerprints of a metadata image, part by part: 32 bits each. Equal images have equal ones, in whatever order they grew. */
export interface ImageDigest {
  readonly brokers: number;
  readonly topics: number;
  readonly configs: number;
  /** Features and the next producer id. */
  readonly rest: number;
}

export type AuditBody =
  /** A node has applied the metadata log up to `next` (the offset behind the last record), and holds this image. */
  | { readonly type: "image"; readonly next: number; readonly digest: ImageDigest }
  /** At the end of a run: in what a node's image differs from what its snapshot and log say up to `next`. */
  | {
      readonly type: "imageRebuilt";
      readonly next: number;
      /** The last heal healed it: it has to be up to date. */
      readonly healed: boolean;
      readonly differences: readonly string[];
    }
  /** When a leader has moved its high watermark: whom it waits for (the maximal ISR, KIP-497). */
  | {
      readonly type: "inSync";
      readonly partition: string;
      readonly epoch: number;
      readonly waitsFor: readonly number[];
    }
  /** When a log was opened, and at the end of a run: in what it differs from what its batches say. */
  | {
      readonly type: "log";
      readonly partition: string;
      readonly when: "opened" | "end";
      readonly differences: readonly string[];
    };

/** `seq` is the event after which the look was taken. */
export type Audit = AuditBody & {
  readonly seq: number;
  readonly at: Micros;
  readonly node: NodeName;
};

/** Why somebody looks: the process told of something, or the run is over. */
export type Moment =
  | { readonly type: "told"; readonly event: CoreEvent }
  | { readonly type: "end"; readonly healed: boolean };

/** Looks into a process between two steps; changes nothing. */
export type Look = (kind: NodeKind, self: unknown, disk: DiskView, moment: Moment) => AuditBody[];
