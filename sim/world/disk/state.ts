/*
 * A virtual machine's disk: a page cache over a platter. Content is a list of sealed chunks, which copies of the
 * world share, plus one open chunk of at most 16 KiB that appends fill.
 */
import type { Micros } from "../../trace/events.ts";
import type { Stream } from "../stream.ts";

/** Sealed bytes in pieces; `ends[i]` is where piece i ends. */
export interface Content {
  chunks: Uint8Array[];
  ends: number[];
}

export interface VirtualFile {
  /** What processes see, up to the open chunk. */
  readonly cache: Content;
  /** The bytes behind `cache`. Signed bytes, because a Uint8Array in state is sealed. */
  open: Int8Array;
  openLength: number;
  /** What a power loss leaves. */
  platter: Content;
  /** Pages (4 KiB each) that differ, or may differ, from the platter. */
  dirty: Set<number>;
  /** Least size since the last fsync, if the file was cut below what is on the platter; -1: it was not. */
  cut: number;
  /** Pages, or the cut (-1), of which an fsync has said wrongly that they are on the platter. */
  owed: Set<number>;
  /** How many names lead to it, in the cache and on the platter. */
  links: number;
  keptLinks: number;
}

/** One operation of the step in hand: when it is under way, and how to put back what it did. */
export type JournalEntry = {
  readonly start: Micros;
  readonly end: Micros;
  readonly path: string;
} & (
  | {
      readonly op: "append";
      readonly file: number;
      readonly before: number;
      readonly length: number;
      readonly made: boolean;
    }
  | {
      readonly op: "write";
      readonly file: number;
      readonly before: Content;
      readonly position: number;
      readonly bytes: Uint8Array;
      readonly made: boolean;
      readonly cut: number;
    }
  | {
      readonly op: "truncate";
      readonly file: number;
      readonly before: Content;
      readonly cut: number;
    }
  | {
      readonly op: "fsync";
      readonly file: number;
      readonly platter: Content;
      readonly dirty: Set<number>;
      readonly owed: Set<number>;
      readonly cut: number;
    }
  | { readonly op: "rename"; readonly to: string; readonly file: number; readonly replaced: number }
  | { readonly op: "remove"; readonly file: number }
  /** Names of the folder whose binding changed, and what the platter knew: path, file (-1: nothing). */
  | {
      readonly op: "fsyncFolder";
      readonly names: readonly (readonly [string, number])[];
      readonly owed: readonly string[];
    }
);

export interface Disk {
  readonly files: Map<number, VirtualFile>;
  nextFile: number;
  /** Path to file, as processes see it and as the platter knows it. */
  names: Map<string, number>;
  keptNames: Map<string, number>;
  /** Paths whose two bindings may differ. */
  renamed: Set<string>;
  /** Paths of which an fsync of their folder has said wrongly that the platter knows them. */
  owedNames: Set<string>;
  /** Paths under which a power loss took what an fsync had said to be on the platter, until they lead to another file. */
  forgotten: Set<string>;
  /** Files that may have lost their last name. */
  orphans: number[];
  /** Operations of the step in hand, in order. */
  journal: JournalEntry[];
  /** When the operations in hand are over. */
  freeAt: Micros;
  /** When the operating system writes back next; -1: not planned (no power). */
  writeBackAt: Micros;
  /** Durations of operations, write-back, and what a power loss tears: each its own stream. */
  readonly chance: Stream;
  readonly writeBackChance: Stream;
  readonly lossChance: Stream;
}
