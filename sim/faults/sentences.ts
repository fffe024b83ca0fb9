/*
 * What a fault or its heal is called, in a sentence for people.
 */
import type { Fault, HandFault } from "../scenario/schema.ts";

/** `b1`, `b1 and b2`, `b1, b2 and b3`, `nobody`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1);
  if (last === undefined) return "nobody";
  return names.length === 1 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** The sentence of a fault that strikes. `sides`: the names that it aims at; two lists for what is between nodes. */
export function faultSentence(fault: Fault, sides: readonly (readonly string[])[]): string {
  const [first = [], second = []] = sides;
  const who = listed(first);
  switch (fault.type) {
    case "stop":
      return `${who} ${are(first)} asked to stop.`;
    case "crash":
      return `${who} ${first.length === 1 ? "crashes" : "crash"}.`;
    case "powerLoss":
      return `${who} ${first.length === 1 ? "loses" : "lose"} power.`;
    case "pause":
      return `${who} ${first.length === 1 ? "stands" : "stand"} still.`;
    case "restart":
      return `${who} ${first.length === 1 ? "starts" : "start"} again.`;
    case "rollingRestart":
      return `${who} ${are(first)} restarted one after another, one every ${fault.eachMs} ms.`;
    case "emptyDisk":
      return `${who} ${first.length === 1 ? "is" : "are"} gone, and will come back with an empty disk.`;
    case "slow":
      return `${who} ${first.length === 1 ? "needs" : "need"} ${fault.stepMs} ms more for every step.`;
    case "clockStep":
      return `The wall clock of ${who} jumps by ${fault.byMs} ms.`;
    case "clockDrift":
      return `The wall clock of ${who} runs ${fault.ppm < 0 ? "slow" : "fast"} by ${Math.abs(fault.ppm)} millionths.`;
    case "diskLatency":
      return `The disk of ${who} takes ${fault.times} times as long.`;
    case "diskFull":
      return `The disk of ${who} is full.`;
    case "diskError":
      return `The disk of ${who} can neither be read nor written.`;
    case "lyingFsync":
      return `The disk of ${who} says that it has flushed, and has not.`;
    case "bitRot":
      return `A bit of a record changes by itself on the disk of ${who}.`;
    case "cut":
      return fault.oneWay === true
        ? `Nothing gets from ${who} to ${listed(second)} any more.`
        : `The network between ${who} and ${listed(second)} is cut.`;
    case "delay":
      return `The network ${route(fault, who, second)} takes ${fault.addMs[0]} to ${fault.addMs[1]} ms longer.`;
    case "slowLink":
      return `The network ${route(fault, who, second)} carries only ${fault.bytesPerMs} bytes a millisecond.`;
    case "blackHole":
      return `Connections between ${who} and ${listed(second)} carry nothing any more, and nobody is told.`;
    case "reset":
      return `Connections between ${who} and ${listed(second)} are reset.`;
    case "addBroker":
      return `The operator adds broker ${fault.broker}.`;
    case "configChange":
      return `The operator sets ${settingsOf(fault.config)} for ${resourceOf(fault)}.`;
    case "deleteTopic":
      return `The operator deletes topic ${fault.topic}.`;
    case "deleteRecords":
      return fault.before === undefined
        ? `The operator deletes what is committed in ${fault.partition}.`
        : `The operator deletes what lies before offset ${fault.before} in ${fault.partition}.`;
    case "addPartitions":
      return `The operator wants ${fault.count} partitions of ${fault.topic} in all.`;
    case "produce":
    case "producerConfig":
    case "heal":
      return handSentence(fault);
    case "electLeaders": {
      const partitions = listed(fault.partitions);
      return fault.election === "preferred"
        ? `The operator gives ${partitions} back to the preferred leader.`
        : `The operator lets anybody lead ${partitions}, in sync or not.`;
    }
  }
}

function handSentence(fault: HandFault): string {
  switch (fault.type) {
    case "produce": {
      const key = fault.key === undefined ? "without a key" : `with the key ${fault.key}`;
      return `Somebody has ${fault.producer} send a record ${key}.`;
    }
    case "producerConfig":
      return `${fault.producer} is started anew with ${settingsOf(fault.config)}.`;
    case "heal":
      return fault.fault === undefined
        ? "Somebody heals what is broken."
        : "Somebody heals a fault before its time.";
  }
}

const route = ({ oneWay }: { oneWay?: boolean }, from: string, to: readonly string[]): string =>
  oneWay === true ? `from ${from} to ${listed(to)}` : `between ${from} and ${listed(to)}`;

const settingsOf = (config: Readonly<Record<string, unknown>>): string =>
  listed(
    Object.entries(config).map(([key, value]) =>
      value === null
        ? `${key} back`
        : `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
    ),
  );

const resourceOf = ({ topic, broker }: { readonly topic?: string; readonly broker?: number }) =>
  topic ?? (broker === undefined ? "all brokers" : `b${broker}`);

const are = (names: readonly string[]): string => (names.length === 1 ? "is" : "are");

/** The sentence of the heal of a fault. */
export function healSentence(type: Fault["type"], names: readonly string[]): string {
  const one = names.length === 1;
  switch (type) {
    case "cut":
      return "The network carries again.";
    case "delay":
    case "slowLink":
      return "The network is as fast as before.";
    case "slow":
      return `${listed(names)} ${one ? "is" : "are"} as fast as before.`;
    case "clockStep":
      return `The wall clock of ${listed(names)} is set right.`;
    case "clockDrift":
      return `The wall clock of ${listed(names)} runs as it should.`;
    case "diskLatency":
    case "diskFull":
    case "diskError":
    case "lyingFsync":
      return `The disk of ${listed(names)} does what it should.`;
    case "emptyDisk":
      return `${listed(names)} ${one ? "comes" : "come"} back with an empty disk.`;
    case "pause":
      return `${listed(names)} ${one ? "goes" : "go"} on.`;
    case "stop":
    case "crash":
    case "powerLoss":
      return `${listed(names)} ${one ? "starts" : "start"} again.`;
    default:
      return "Nothing is left to heal.";
  }
}

/** The sentence of the heal at the end, and who is not part of it. */
export const finalHealSentence = (left: readonly string[]): string =>
  left.length === 0
    ? "Everything is healed."
    : `Only what the cluster needs is healed: ${listed(left)} ${left.length === 1 ? "stays" : "stay"} broken for good.`;
