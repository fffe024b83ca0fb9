/* What a fault is called where there is room for two words. */
import type { Fault, NodeName } from "#sim";

const words: Readonly<Record<Fault["type"], string>> = {
  crash: "crash",
  powerLoss: "power",
  pause: "pause",
  emptyDisk: "empty disk",
  slow: "slow",
  rollingRestart: "restarts",
  clockStep: "clock off",
  clockDrift: "clock off",
  diskLatency: "disk slow",
  diskFull: "disk full",
  diskError: "disk bad",
  lyingFsync: "disk lies",
  cut: "cut",
  delay: "delay",
  slowLink: "slow link",
  blackHole: "black hole",
  // Over at once: their bars are as wide as a line.
  stop: "",
  restart: "",
  bitRot: "",
  reset: "",
  addBroker: "",
  addPartitions: "",
  configChange: "",
  deleteTopic: "",
  deleteRecords: "",
  electLeaders: "",
  produce: "",
  producerConfig: "",
  heal: "",
};

/** Every kind that there is. */
export const faultTypes = Object.keys(words) as readonly Fault["type"][];

/** A word or two for a kind. */
export const faultWord = (type: Fault["type"]): string => words[type] || type;

/** Its kind, and whom it struck if that is one process. */
export function faultName({ type }: Fault, targets: readonly NodeName[]): string {
  const word = words[type];
  const [only, ...others] = targets;
  return word === "" || only === undefined || others.length > 0 ? word : `${word} ${only}`;
}
