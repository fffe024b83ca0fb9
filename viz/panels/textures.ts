/* Textures that marks fill themselves with, by name: whoever shows such marks has them in the same root. */
import { s } from "./dom.ts";

/** Of faults that last. */
export function hatch(id: "hatch" | "st-hatch"): SVGDefsElement {
  const line = s("path", { d: "M0,6L6,0", class: "hatch-line" });
  const size = { width: 6, height: 6, patternUnits: "userSpaceOnUse" };
  return s("defs", {}, s("pattern", { id, ...size }, line));
}

/** Of what somebody does not know. */
export function unknownTexture(): SVGDefsElement {
  const line = s("path", { d: "M0,0V8", class: "st-unknown-line" });
  const size = { width: 8, height: 8, patternUnits: "userSpaceOnUse" };
  return s("defs", {}, s("pattern", { id: "st-unknown", ...size }, line));
}
