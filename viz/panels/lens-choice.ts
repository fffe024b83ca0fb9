/* With whose eyes cluster and logs are seen: everybody's, or those of one process. */
import { h } from "./dom.ts";
import type { Actions, LabView } from "./view.ts";

export interface LensChoice {
  readonly element: HTMLSelectElement;
  show(view: LabView): void;
}

export function lensChoice(actions: Actions): LensChoice {
  const element = h("select", { class: "lens-choice", "aria-label": "Lens" });
  element.title = "All there is to see, or only what one process knows (O)";
  element.addEventListener("change", () => {
    actions.lens(element.value === "" ? undefined : element.value);
  });
  let listed = "";
  const show = ({ places, eyes }: LabView): void => {
    const names = places.map(({ name }) => name);
    const key = names.join(" ");
    if (key !== listed)
      element.replaceChildren(
        h("option", { value: "" }, "lens: all"),
        ...names.map((name) => h("option", { value: name }, `lens: ${name}`)),
      );
    listed = key;
    if (element.value !== (eyes ?? "")) element.value = eyes ?? "";
  };
  return { element, show };
}
