/* Where in a JSON text something stands, so that what is wrong with a scenario is said at its place. */
import { findNodeAtLocation, parseTree } from "jsonc-parser";

/**
 * The line (from 1) of a path like `faults.0.target.node`, or of the nearest thing above it that is there; of a text that
 * is no JSON the line at which that shows. Undefined: nothing can be said.
 */
export function placeOf(text: string, path: string): number | undefined {
  const errors: { error: number; offset: number; length: number }[] = [];
  const root = parseTree(text, errors, { disallowComments: true });
  if (errors[0] !== undefined) return lineOf(text, errors[0].offset);
  if (root === undefined || path === "") return undefined;
  const steps = stepsOf(path);
  for (let length = steps.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(root, steps.slice(0, length));
    if (node !== undefined) return lineOf(text, node.offset);
  }
  return undefined;
}

/** Kafka's keys have dots in them: what follows `config.` is one step. */
function stepsOf(path: string): (string | number)[] {
  const [head = "", key] = path.split(/(?<=(?:^|\.)config)\./);
  const steps = head.split(".").map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  return key === undefined ? steps : [...steps, key];
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;
