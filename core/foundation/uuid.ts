import { type Uint32, type Uuid, uuid } from "./ids.ts";
import type { Turn } from "./turn.ts";

/** A random (version 4) uuid from the process's own stream. */
export function drawUuid(turn: Turn): Uuid {
  const digits = [0, 1, 2, 3].map(() => hex(turn.ports.random())).join("");
  const version = `4${digits.slice(13, 16)}`;
  return uuid(
    `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${version}-a${digits.slice(17, 20)}-${digits.slice(20)}`,
  );
}

const hex = (word: Uint32): string => word.toString(16).padStart(8, "0");
