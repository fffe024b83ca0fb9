import type { VerdictChange } from "../worker-messages.ts";

/** How a guarantee stands, in a few words. */
export function standingText(standing: VerdictChange | undefined): string {
  if (standing === undefined) return "nothing to judge yet";
  const { state, checked, off, evidence } = standing;
  switch (state) {
    case "holds":
      return `holds so far · ${checked} checked`;
    case "broken":
      return `broken · ${evidence ?? ""}`;
    case "notPromised":
      return `not promised; it needs: ${off.join("; ")}`;
    case "notPromisedBroken":
      return `not promised, and broken · ${evidence ?? ""}`;
    case "open":
      return "nothing to judge yet";
  }
}
