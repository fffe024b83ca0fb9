/*
 * Causes of what the world does by itself, which a trace names none for: the run goes from one phase to the next when
 * something is over, and an operating system writes back what was written to a file before.
 */
import type { TraceEvent } from "#sim";
import { type Recording, indexOf } from "./recording.ts";

/** The event before which this one would not have come; undefined if it has causes of its own, or none at all. */
export function worldCause(recording: Recording, event: TraceEvent): TraceEvent | undefined {
  if (event.causes.length > 0) return undefined;
  if (event.type === "writeBack")
    return before(recording, event, isWriteTo(event.file, event.node));
  if (event.type !== "phase") return undefined;
  switch (event.phase) {
    case "heal":
      // The applications are done: what they asked for last.
      return before(recording, event, isCall) ?? recording.events[0];
    case "verify":
      return before(recording, event, ({ type }) => type === "phase");
    case "end":
      return (
        before(recording, event, ({ type, node }) => type === "result" && isVerifier(node)) ??
        before(recording, event, ({ type }) => type === "phase")
      );
  }
}

function before(
  recording: Recording,
  event: TraceEvent,
  fits: (earlier: TraceEvent) => boolean,
): TraceEvent | undefined {
  for (let index = indexOf(recording, event.seq) - 1; index >= 0; index -= 1) {
    const earlier = recording.events[index];
    if (earlier !== undefined && fits(earlier)) return earlier;
  }
  return undefined;
}

const isCall = (event: TraceEvent): boolean =>
  event.type === "called" && event.request.type !== "poll";

const isVerifier = (node: string): boolean => node.startsWith("v");

/** A write to a file; where names of a folder were written back, what made, moved or removed one of its files. */
const isWriteTo =
  (path: string, node: string) =>
  (event: TraceEvent): boolean => {
    if (event.type !== "disk" || event.node !== node) return false;
    const { op, file } = event;
    if (file === path) return op === "append" || op === "write";
    return file.startsWith(`${path}/`) && op !== "fsync" && op !== "truncate";
  };
