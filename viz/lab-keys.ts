/* The lab's keys, tied to its state. */
import { breakAfter } from "./broken.ts";
import { type Keys, onKey } from "./keyboard.ts";
import type { State } from "./lab-state.ts";
import { nextLabel, usualLabel } from "./model/cell-label.ts";
import { endOf } from "./model/recording.ts";
import type { LabPanels } from "./panels/lab-panels.ts";
import { atMs, deeds } from "./panels/node-menu.ts";

export function listenForKeys(panels: LabPanels, state: State): void {
  const { actions } = panels;
  const keys: Keys = {
    actions,
    focused: () => panels.focusedNode(),
    act: (name, key) => {
      const node = state.picture.nodes.get(name);
      const deed = deeds.find((one) => one.key === key);
      if (node === undefined || deed?.fits(node) !== true) return false;
      actions.fork([deed.fault({ node: name }, atMs(state.player))]);
      return true;
    },
    why: (direction) => {
      if (state.tab === "why" && state.chain !== undefined) {
        return actions.hop(state.hop + direction);
      }
      const broken = breakAfter(state.run, state.player.count)?.event?.seq;
      const seq = state.selected ?? broken ?? state.picture.beat;
      if (seq >= 0) actions.select(seq);
    },
    lens: () => {
      const node = panels.focusedNode();
      actions.lens(node === state.eyes ? undefined : node);
    },
    cells: () => actions.cells(nextLabel(state.cells ?? usualLabel(state.run.scenario))),
    find: () => panels.find(),
    enter: (part) => panels.enter(part),
    space: () => actions.space({ open: !state.space.open }),
    close: () => {
      if (state.eyes !== undefined) {
        actions.lens(undefined);
        return true;
      }
      if (state.selected === undefined && state.tab === undefined) return false;
      actions.select(undefined);
      return true;
    },
    leap: (share) => actions.seek(state.player.at + share * endOf(state.run.recording)),
    ends: (end) => actions.seek(end === "start" ? 0 : endOf(state.run.recording)),
  };
  panels.element.addEventListener("keydown", (event) => onKey(event, keys));
}
