// The lab: a simulated run as a picture that can be played, scrubbed and broken.
export type { Lab, LabOptions } from "./options.ts";
export { mountLab } from "./mount.ts";
export { defineElement, type HighwaterSim } from "./element.ts";
