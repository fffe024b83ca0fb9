/* How densely the lab shows a run: to a class, to somebody who tries things, to an engineer (VISUAL.md section 2). */
export const densities = ["teach", "lab", "debug"] as const;
export type Density = (typeof densities)[number];
