/* What the inspector's tabs are made of. */
import type { NodeName, TraceEvent } from "#sim";
import type { Looked } from "../../look/looks.ts";
import type { Moment } from "../../look/questions.ts";
import { h } from "../dom.ts";
import { timeText } from "../time.ts";
import type { Actions, InspectorTab, LabView } from "../view.ts";

export const hint = (text: string): HTMLElement => h("p", { class: "hint" }, text);

/** In place of an answer that is not there. */
export const waitingFor = (looked: Looked | undefined): HTMLElement =>
  hint(looked?.failure ?? "The run is being replayed ...");

/** An event with its time, its node and what it tells. */
export function eventRow(event: TraceEvent, told: string, press: () => void): HTMLButtonElement {
  const button = h("button", { type: "button", class: "event", "data-event": event.seq });
  button.append(
    h("time", {}, timeText(event.at)),
    h("span", { class: "event-node" }, event.node === "" ? "world" : event.node),
    h("span", { class: "event-told" }, told),
  );
  button.addEventListener("click", press);
  return button;
}

/** Leads to the bytes of a message, which `of` names. */
export function bytesButton(of: string, press: () => void): HTMLButtonElement {
  const name = `Bytes of ${of}`;
  const button = h("button", { type: "button", title: name, "aria-label": name }, "bytes");
  button.addEventListener("click", press);
  return button;
}

/** The moment that the lab shows. */
export function momentOf({ run, player }: LabView): Moment {
  const last = run.recording.events[player.count - 1];
  return last === undefined ? { at: player.at } : { after: last.seq };
}

/** The node that is looked into: chosen, or that of the selected event, or the first that is drawn. */
export function nodeIn(view: LabView, fits: (kind: string) => boolean): NodeName | undefined {
  const { run, inside, selected, places } = view;
  const ofEvent = selected === undefined ? undefined : run.recording.events[selected]?.node;
  const known = (name: NodeName | undefined): boolean =>
    places.some((place) => place.name === name && fits(place.kind));
  if (known(inside.node)) return inside.node;
  if (known(ofEvent)) return ofEvent;
  return places.find(({ kind }) => kind === "broker" && fits(kind))?.name;
}

/** Says whether what is to be shown is other than it was when this was asked last. */
export function newsOf(): (...now: readonly unknown[]) => boolean {
  let shown: readonly unknown[] | undefined;
  return (...now) => {
    const before = shown;
    shown = now;
    return before === undefined || now.some((value, i) => value !== before[i]);
  };
}

export interface NodePicker {
  readonly element: HTMLElement;
  show(view: LabView, chosen: NodeName | undefined): void;
}

/** Chooses the node that a tab looks into. */
export function nodePicker(
  actions: Actions,
  tab: InspectorTab,
  fits: (kind: string) => boolean,
): NodePicker {
  const select = h("select", { "aria-label": "Node" });
  const when = h("span", { class: "look-when" });
  let offered = "";
  select.addEventListener("change", () => {
    actions.lookInside({ node: select.value, path: undefined }, tab);
  });
  return {
    element: h("div", { class: "look-head" }, h("label", {}, "Inside of ", select), when),
    show: (view, chosen) => {
      const names = view.places.filter(({ kind }) => fits(kind)).map(({ name }) => name);
      if (offered !== names.join()) {
        offered = names.join();
        select.replaceChildren(...names.map((name) => h("option", { value: name }, name)));
      }
      if (chosen !== undefined) select.value = chosen;
      when.textContent = `at ${timeText(view.player.at)}`;
    },
  };
}
