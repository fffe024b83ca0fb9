import {
  type BrokerId,
  type CoreEvent,
  type Effect,
  type Files,
  inputId,
  type Millis,
  type Turn,
  uint32,
} from "#core";

/** A step's arguments for tests of single rules: a clock that the test moves and an outbox that it reads. */
export interface TestTurn extends Turn {
  readonly outbox: Effect[];
}

/** A turn at `at` (ms), with `input` as the number of the input in hand. */
export function turnAt(files: Files, at: number, input = 1): TestTurn {
  return {
    now: { monotonic: at as Millis, wall: at as Millis },
    input: { id: inputId(input), type: "timer", timer: "test" },
    ports: { files, random: () => uint32(7), bytes: (length) => new Uint8Array(length) },
    outbox: [],
  };
}

/** What the step told the trace, of one type. */
export function notesOf<T extends CoreEvent["type"]>(
  turn: TestTurn,
  type: T,
): Extract<CoreEvent, { type: T }>[] {
  return turn.outbox.flatMap((effect) =>
    effect.type === "note" && effect.event.type === type
      ? [effect.event as Extract<CoreEvent, { type: T }>]
      : [],
  );
}

export const id = (value: number): BrokerId => value as BrokerId;
