/* What kinds of things stand in a scenario's list of faults. */
import type { Fault, HandFault } from "../scenario/schema.ts";

/** Whether it is no fault, but what somebody does by hand. */
export const isByHand = (fault: Fault): fault is HandFault =>
  fault.type === "produce" || fault.type === "producerConfig" || fault.type === "heal";

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
