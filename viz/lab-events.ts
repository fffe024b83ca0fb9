/* What a lab tells those who embed it: looked up once a frame, and said when it has changed. */
import type { State } from "./lab-state.ts";
import type { LabEvent } from "./options.ts";
import { verdictsAt } from "./run.ts";

/** Asked with every frame; tells what is new. */
export function telling(hear: (event: LabEvent) => void): (state: State) => void {
  let at = -1;
  let beat = -1;
  let run = 1;
  let ready = 0;
  let failed = 0;
  const violated = new Set<string>();
  return (state) => {
    const ms = state.player.at / 1000;
    const { run: now, picture } = state;
    if (now.id !== run) {
      run = now.id;
      violated.clear();
      hear({ type: "fork", at: ms });
    }
    if (now.failure !== undefined && failed !== now.id) {
      failed = now.id;
      hear({ type: "error", at: ms, message: now.failure });
    }
    if (now.hash !== undefined && ready !== now.id) {
      ready = now.id;
      hear({ type: "ready", at: ms });
    }
    if (state.player.at !== at) {
      at = state.player.at;
      hear({ type: "time", at: ms });
    }
    if (picture.beat !== beat) {
      beat = picture.beat;
      if (beat >= 0) hear({ type: "beat", at: ms, event: beat });
    }
    const last = now.recording.events[state.player.count - 1]?.seq ?? -1;
    for (const { id, state: standing, event } of verdictsAt(now, last).values()) {
      if (standing !== "broken" || violated.has(id)) continue;
      violated.add(id);
      hear({ type: "violation", at: ms, ...(event === null ? {} : { event }), message: id });
    }
  };
}
