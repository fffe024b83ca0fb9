/* Leads the eye to what has just changed: a second of ink around it. Says nothing that the picture does not say. */

const shine: readonly Keyframe[] = [
  { filter: "drop-shadow(0 0 5px var(--ink))" },
  { filter: "drop-shadow(0 0 0 transparent)" },
];

/** More than so many at once is no lead. */
const most = 30;

/** Marks inside `roots` that the events after `before`, up to `now`, have put there. */
export function halo(roots: readonly Element[], before: number, now: number): void {
  if (now <= before || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const marks = roots.flatMap((root) => [...root.querySelectorAll("[data-event]")]);
  const fresh = marks.filter((mark) => {
    const event = Number(mark.getAttribute("data-event"));
    return event > before && event <= now;
  });
  if (fresh.length > most) return;
  for (const mark of fresh) mark.animate([...shine], { duration: 1000, easing: "ease-out" });
}
