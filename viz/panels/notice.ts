/* One line over the lab that the reader should see, and can put away. */
import { h, iconButton, setText } from "./dom.ts";
import type { Actions, LabView } from "./view.ts";

export interface NoticePanel {
  readonly element: HTMLElement;
  show(view: LabView): void;
}

export function noticePanel(actions: Actions): NoticePanel {
  const text = h("p", { role: "status" });
  const close = iconButton("cross", "Put this away", undefined, () => actions.notify(undefined));
  const element = h(
    "aside",
    { class: "notice", "aria-label": "Notice", hidden: true },
    text,
    close,
  );
  const show = ({ notice }: LabView): void => {
    setText(text, notice ?? "");
    element.hidden = notice === undefined;
  };
  return { element, show };
}
