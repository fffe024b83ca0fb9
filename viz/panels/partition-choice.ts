/* Where one partition is shown at a time: which it is, and the way to the others. */
import type { StripKind } from "../marks/strip-layout.ts";
import { type PartitionPicture, brokerName } from "../model/picture.ts";
import { h, setText } from "./dom.ts";
import { minis } from "./minis.ts";
import { pager } from "./phone/pager.ts";
import type { Actions, LabView } from "./view.ts";

export interface PartitionChoice {
  /** Above the strip, and below it. */
  readonly above: readonly HTMLElement[];
  readonly below: HTMLElement;
  /** `chosen`: the one that is shown; undefined: all are, or there is none. */
  show(
    view: LabView,
    kind: StripKind,
    partitions: readonly PartitionPicture[],
    chosen: PartitionPicture | undefined,
  ): void;
  measure(): void;
}

/** `strips`: where a finger turns to the next. */
export function partitionChoice(actions: Actions, strips: HTMLElement): PartitionChoice {
  const head = h("h2", { class: "partition-head" });
  const others = minis(actions);
  const pages = pager(actions, strips);
  const show: PartitionChoice["show"] = (view, kind, partitions, chosen) => {
    const isLarge = kind === "teach" && chosen !== undefined;
    const words = chosen === undefined ? "" : headText(chosen);
    others.show(view, isLarge ? partitions.filter((one) => one !== chosen) : []);
    head.hidden = !isLarge;
    setText(head, words);
    pages.element.hidden = kind !== "phone";
    pages.show(partitions, chosen, words);
  };
  return { above: [head, pages.element], below: others.element, show, measure: others.measure };
}

const headText = ({ name, leader, epoch }: PartitionPicture): string =>
  leader === -1 ? `${name}, no leader` : `${name}, led by ${brokerName(leader)} in epoch ${epoch}`;
