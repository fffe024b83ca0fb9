/* When each process was up, and when it was not: what a row of the space–time diagram is made of. */
import type { Micros, NodeName, TraceEvent } from "#sim";
import { stateAfter } from "./fold-nodes.ts";
import type { NodeState } from "./picture.ts";

/** A process is in this state from `at` on. */
export interface Turned {
  readonly event: number;
  readonly at: Micros;
  readonly state: NodeState;
}

/** By process, in order. */
export type Lives = Map<NodeName, Turned[]>;

export function learnLife(lives: Lives, event: TraceEvent): void {
  const state = stateBy(event);
  if (state === undefined) return;
  const turned = { event: event.seq, at: event.at, state };
  const known = lives.get(event.node);
  if (known === undefined) lives.set(event.node, [turned]);
  else known.push(turned);
}

function stateBy(event: TraceEvent): NodeState | undefined {
  switch (event.type) {
    case "started":
    case "resumed":
      return "up";
    case "paused":
      return "paused";
    case "down":
      return stateAfter[event.how];
    default:
      return undefined;
  }
}

/** A stretch in one state. `to` null: to the end of what is known. */
export interface Span extends Turned {
  readonly to: Micros | null;
}

/** The stretches of a process that touch a window. */
export function spansOf(lives: Lives, node: NodeName, from: Micros, to: Micros): readonly Span[] {
  const turns = lives.get(node) ?? [];
  return turns
    .map((turned, index) => ({ ...turned, to: turns[index + 1]?.at ?? null }))
    .filter((span) => span.at <= to && (span.to ?? Infinity) >= from);
}
