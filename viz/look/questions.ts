/* What can be asked about the inside of a run, and what the answers look like: plain data, over a worker's wire. */
import type { Micros, NodeKind, NodeName } from "#sim";
import type { Belief, Setting } from "./beliefs.ts";
import type { FieldView } from "./field-view.ts";

/**
 * A moment of a run: just after the event `after`, together with all that the same input or fault brought about; or when
 * everything that was due by `at` has happened.
 */
export type Moment = { readonly after: number } | { readonly at: Micros };

export type Question =
  /**
   * The bytes and the fields of the message that the `sent` event `message` names. A response does not say what it
   * answers: the event does.
   */
  | {
      readonly type: "message";
      readonly message: number;
      readonly answers?: { readonly api: string; readonly version: number };
    }
  /** The files of a node, as its processes see them. */
  | { readonly type: "files"; readonly node: NodeName; readonly moment: Moment }
  | {
      readonly type: "file";
      readonly node: NodeName;
      readonly path: string;
      readonly moment: Moment;
    }
  /** What a process knows: everything that it is, as a tree. */
  | { readonly type: "state"; readonly node: NodeName; readonly moment: Moment };

/** Bytes [from, to). */
export type ByteRange = readonly [from: number, to: number];

export interface FileEntry {
  readonly path: string;
  readonly size: number;
  /** Its name is on the platter: a power loss does not undo that it was made or renamed. */
  readonly named: boolean;
  /** What the platter holds of it: a power loss cannot take it. */
  readonly kept: readonly ByteRange[];
}

/** One value in a process's state. `parts` are absent where it has none. */
export interface StateNode {
  readonly name: string;
  readonly text: string;
  readonly parts?: readonly StateNode[];
}

export type Answer =
  /** Undefined: this run has no such message. */
  | {
      readonly type: "message";
      readonly message: { readonly bytes: Uint8Array; readonly fields: FieldView } | undefined;
    }
  | { readonly type: "files"; readonly files: readonly FileEntry[] }
  /** Undefined: the node has no such file at this moment. */
  | {
      readonly type: "file";
      readonly file:
        (FileEntry & { readonly bytes: Uint8Array; readonly fields: FieldView }) | undefined;
    }
  /** Undefined: the node has no process at this moment. */
  | {
      readonly type: "state";
      readonly kind: NodeKind;
      readonly state: StateNode | undefined;
      readonly beliefs: readonly Belief[];
      readonly settings: readonly Setting[];
    };
