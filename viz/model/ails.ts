/* What ails a machine while its process may run all the same: it is slow, or its disk or its clock is not as it should be. */
import type { Fault, TraceEvent } from "#sim";
import { faultWord } from "./fault-names.ts";
import type { AilPicture, NodeKind } from "./picture.ts";

type Strike = Extract<TraceEvent, { readonly type: "fault" }>;

/** What a fault leaves a machine with until it is healed, if it is of that kind. Clients have no disk to speak of. */
export function ailOf({ seq, index, fault }: Strike, kind: NodeKind): AilPicture | undefined {
  const says = saidOf(fault);
  if (says === undefined) return undefined;
  const hasDisk = kind === "broker" || kind === "controller";
  return !hasDisk && says.word.startsWith("disk") ? undefined : { event: seq, index, ...says };
}

type Said = Pick<AilPicture, "word" | "words">;

/** What a process is told by that is slow; it has a border of its own. */
export const slowWord = faultWord("slow");

function saidOf(fault: Fault): Said | undefined {
  const words = sentenceOf(fault);
  return words === undefined ? undefined : { word: faultWord(fault.type), words };
}

function sentenceOf(fault: Fault): string | undefined {
  switch (fault.type) {
    case "slow":
      return `needs ${fault.stepMs} ms more for every step`;
    case "diskLatency":
      return `its disk takes ${fault.times} times as long`;
    case "diskFull":
      return "its disk takes no more";
    case "diskError":
      return "its disk can neither be read nor written";
    case "lyingFsync":
      return "its disk says that it has flushed, and has not";
    case "clockStep":
      return `its clock is off by ${fault.byMs} ms`;
    case "clockDrift":
      return `its clock runs ${fault.ppm < 0 ? "slow" : "fast"} by ${Math.abs(fault.ppm)} millionths`;
    default:
      return undefined;
  }
}

/** The worst first: a slow process is seen by everybody who waits for it. */
export const byWeight = (ails: readonly AilPicture[]): readonly AilPicture[] =>
  [...ails].sort((a, b) => Number(b.word === slowWord) - Number(a.word === slowWord));

export const isSlow = (ails: readonly Pick<AilPicture, "word">[]): boolean =>
  ails.some(({ word }) => word === slowWord);
