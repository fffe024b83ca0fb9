// Which modules a page gets only what it uses of. For every build of pages and their workers.
import { sep } from "node:path";
import { root } from "./bootstrap.mjs";

const defining = ["core", "sim"].map((room) => `${root}${sep}${room}${sep}`);

/** The modules of `core` and `sim` define and do nothing else, which a bundler cannot tell from their text. */
export const treeshake = {
  /** @param {string} id */
  moduleSideEffects: (id) => !defining.some((room) => id.startsWith(room)),
};
