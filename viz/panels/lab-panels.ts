/* All panels in their places, inside a shadow root, so that no page's styles reach them and theirs reach none. */
import type { NodeName } from "#sim";
import { barPanel } from "./bar.ts";
import { guaranteesPanel } from "./guarantees.ts";
import { helpDialog } from "./help.ts";
import { inspectorPanel } from "./inspector.ts";
import { type LogsDensity, logsPanel } from "./logs.ts";
import { narrationPanel } from "./narration.ts";
import { nodeMenu } from "./node-menu.ts";
import { stagePanel } from "./stage.ts";
import { timelinePanel } from "./timeline.ts";
import { h } from "./dom.ts";
import { styles } from "../theme/styles.ts";
import type { Actions, LabView } from "./view.ts";

export interface LabPanels {
  readonly element: HTMLElement;
  /** Where marks are that may shine when they are new. */
  readonly drawn: readonly Element[];
  /** What shows the picture, and nothing about how the reader got there. */
  readonly pictured: readonly Element[];
  /** `changed`: more than the time between two events. */
  show(view: LabView, changed: boolean): void;
  focusedNode(): NodeName | undefined;
  close(): void;
}

export function labPanels(
  host: HTMLElement,
  asked: Actions,
  names: readonly string[],
  size: "full" | "compact",
): LabPanels {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const help = helpDialog();
  let view: LabView | undefined;
  const actions: Actions = {
    ...asked,
    help: () => help.showModal(),
    touch: (node) => {
      if (view !== undefined) menu.open(view, node);
    },
  };
  const menu = nodeMenu(actions);
  const density = (): LogsDensity =>
    size === "compact" ? "teach" : host.clientWidth < 760 ? "phone" : "lab";
  const bar = barPanel(actions, names);
  const stage = stagePanel(actions, size);
  const logs = logsPanel(actions, density);
  const narration = narrationPanel(actions);
  const timeline = timelinePanel(actions);
  const guarantees = guaranteesPanel(actions);
  const inspector = inspectorPanel(actions);
  const panels = [bar, stage, logs, narration, timeline, guarantees, inspector];
  const element = h("main", { class: `lab is-${size}`, tabindex: -1 });
  element.append(...panels.map((panel) => panel.element), menu.element, help);
  const sheet = h("style", {}, styles);
  root.replaceChildren(sheet, element);

  const show = (next: LabView, changed: boolean): void => {
    view = next;
    host.dataset["theme"] = next.theme;
    if (changed) for (const panel of panels) panel.show(next);
    else {
      stage.move(next);
      timeline.show(next);
    }
  };
  const focusedNode = (): NodeName | undefined =>
    root.activeElement?.closest("[data-node]")?.getAttribute("data-node") ?? undefined;
  const pictured = [
    ...stage.element.querySelectorAll("svg"),
    logs.element,
    narration.element,
    ...guarantees.element.querySelectorAll(".cards"),
  ];
  const drawn = [stage.element, logs.element];
  return { element, drawn, pictured, show, focusedNode, close: () => root.replaceChildren() };
}
