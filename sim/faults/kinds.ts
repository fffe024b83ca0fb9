/* What kinds of things stand in a scenario's list of faults. */
import type { Fault, HandFault } from "../scenario/schema.ts";

const handTypes: readonly Fault["type"][] = ["produce", "producerConfig", "heal"];

/** Whether it is no fault, but what somebody does by hand. */
export const isByHand = (fault: Fault): fault is HandFault => isHandType(fault.type);

/** Whether faults of a kind are none, but what somebody does by hand. */
export const isHandType = (type: Fault["type"]): boolean => handTypes.includes(type);

/** Whether it lasts until it is healed; what is over with its moment leaves nothing to heal. */
export function lasts(fault: Fault): boolean {
  switch (fault.type) {
    case "restart":
    case "rollingRestart":
    case "bitRot":
    case "reset":
    case "blackHole":
      return false;
    default:
      return "target" in fault || "between" in fault;
  }
}
