// Pages that may have no worker, as a file, a strict policy or a lost script makes them.

/** Why there is none, and what is run before the page's own scripts to make it so. */
export const withoutWorkers: readonly (readonly [why: string, script: string])[] = [
  ["there is none", "delete window.Worker"],
  ["to make one is refused", "window.Worker = class { constructor() { throw new Error('no') } }"],
  [
    "it never comes",
    `window.Worker = class extends EventTarget {
       constructor() { super(); setTimeout(() => this.dispatchEvent(new Event("error")), 20); }
       postMessage() {}
       terminate() {}
     }`,
  ],
];
