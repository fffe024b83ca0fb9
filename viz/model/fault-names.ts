/* What a fault is called where there is room for two words. */
import type { Fault, NodeName } from "#sim";

const words: Readonly<Partial<Record<Fault["type"], string>>> = {
  crash: "crash",
  powerLoss: "power",
  pause: "pause",
  emptyDisk: "empty disk",
  slow: "slow",
  rollingRestart: "restarts",
  clockStep: "clock",
  clockDrift: "clock",
  diskLatency: "slow disk",
  diskFull: "full disk",
  diskError: "bad disk",
  lyingFsync: "lying disk",
  cut: "cut",
  delay: "delay",
  slowLink: "slow link",
  blackHole: "black hole",
};

/** Its kind, and whom it struck if that is one process; what is over at once has none: its bar is as wide as a line. */
export function faultName({ type }: Fault, targets: readonly NodeName[]): string {
  const word = words[type] ?? "";
  const [only, ...others] = targets;
  return word === "" || only === undefined || others.length > 0 ? word : `${word} ${only}`;
}
