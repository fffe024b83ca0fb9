/* How densely the lab shows a run: to a class, to somebody who tries things, to an engineer. */
export const densities = ["teach", "lab", "debug"] as const;
export type Density = (typeof densities)[number];
