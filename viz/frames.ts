/* When to draw. */
export interface Frames {
  ask(): void;
  now(): void;
  stop(): void;
}

/** Draws at most once a frame, and only when asked; tells how much real time went by while moving. */
export function frameLoop(draw: (realMs: number) => void): Frames {
  let asked: number | undefined;
  let last: number | undefined;
  const frame = (time: number): void => {
    asked = undefined;
    const gone = last === undefined ? 0 : Math.min(100, time - last);
    last = undefined;
    draw(gone);
    if (asked !== undefined) last = time;
  };
  return {
    ask: () => {
      asked ??= requestAnimationFrame(frame);
    },
    now: () => draw(0),
    stop: () => {
      if (asked !== undefined) cancelAnimationFrame(asked);
    },
  };
}
