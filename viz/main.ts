/* The lab's own page: what its address names, in the whole window. */
import { parseLink } from "#sim";
import { mountLab } from "./mount.ts";
import type { Lab, LabOptions } from "./options.ts";

let lab: Lab | undefined;

function open(): void {
  const host = document.querySelector<HTMLElement>("#lab");
  if (host === null) return;
  lab?.unmount();
  lab = undefined;
  try {
    lab = mountLab(host, { ...linked(), address: true });
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    host.replaceChildren(complaint(told));
  }
}

/** What stands behind the # of the address; without it, the default run. */
function linked(): LabOptions {
  if (location.hash.length < 2) return {};
  const { scenario, atMs, selected, view, outcome } = parseLink(location.href);
  return {
    scenario,
    ...(atMs === undefined ? {} : { at: atMs }),
    ...(selected === undefined ? {} : { selected }),
    ...(view === undefined ? {} : { shown: view }),
    ...(outcome === undefined ? {} : { outcome }),
  };
}

function complaint(told: string): HTMLElement {
  const element = document.createElement("div");
  element.className = "complaint";
  const sentence = document.createElement("p");
  sentence.setAttribute("role", "alert");
  sentence.textContent = `This link cannot be opened. ${told}`;
  const way = document.createElement("a");
  way.href = "#";
  way.textContent = "Open the default run";
  element.append(sentence, way);
  return element;
}

// The lab itself only ever replaces its address; this is somebody who typed or pasted another one.
addEventListener("hashchange", open);
open();
