/* Leads the eye to what has just changed: a second of ink around it. Says nothing that the picture does not say. */

const shine: readonly Keyframe[] = [
  { filter: "drop-shadow(0 0 5px var(--ink))" },
  { filter: "drop-shadow(0 0 0 transparent)" },
];

/** More than so many at once is no lead. */
const most = 30;

/** Lights up what the events after `before`, up to `now`, have put into the drawing. */
export function halo(roots: readonly Element[], before: number, now: number): void {
  if (now <= before || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const marks = fresh(roots, before, now);
  if (marks.length > most) return;
  for (const mark of marks) mark.animate([...shine], { duration: 1000, easing: "ease-out" });
}

/** Marks inside `roots` that the events after `before`, up to `now`, have put there. */
export function fresh(roots: readonly Element[], before: number, now: number): readonly Element[] {
  const marks = roots.flatMap((root) => [...root.querySelectorAll("[data-event]")]);
  return marks.filter((mark) => {
    const event = Number(mark.getAttribute("data-event"));
    return event > before && event <= now;
  });
}
