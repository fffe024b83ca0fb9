/* Keeps the address bar in step with what is shown, without pestering the browser while time is dragged. */

/** Real milliseconds for which an address must stand before it is written. */
const settleMs = 150;

export interface Address {
  keep(link: string): void;
  stop(): void;
}

export function addressBar(): Address {
  let timer: number | undefined;
  let wanted = "";
  let written = "";
  const write = (): void => {
    timer = undefined;
    if (wanted === written) return;
    written = wanted;
    history.replaceState(null, "", wanted);
  };
  return {
    keep: (link) => {
      wanted = link;
      timer ??= window.setTimeout(write, settleMs);
    },
    stop: () => window.clearTimeout(timer),
  };
}
