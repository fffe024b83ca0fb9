// The moments of which docs/screens keeps a picture, at every size and in both themes.
import { type LinkMoment, fragmentOf, library, parseScenario } from "#sim";
import type { Size, Theme } from "../support/sizes.ts";

export interface Moment {
  readonly name: string;
  /** Where the lab opens. */
  readonly link: string;
  /** Seen without any colour. */
  readonly isGrey?: boolean;
}

const linkTo = (name: string, moment: LinkMoment): string => {
  const make = library.get(name);
  if (make === undefined) throw new RangeError(`the library has no ${name}`);
  return `/${fragmentOf(parseScenario(make()), moment)}`;
};

export const moments: readonly Moment[] = [
  { name: "failover", link: linkTo("first-light", { atMs: 4400 }) },
  { name: "unclean", link: linkTo("unclean-election", { atMs: 7420 }) },
  { name: "cut-grey", link: linkTo("unclean-election", { atMs: 7500 }), isGrey: true },
  { name: "teach", link: linkTo("unclean-election", { atMs: 5000, view: { density: "teach" } }) },
  { name: "debug", link: linkTo("acks-1", { atMs: 5520, view: { density: "debug" } }) },
  { name: "many", link: linkTo("many", { atMs: 2600, view: { partition: "orders-95" } }) },
];

/** How a picture is called in docs/screens. */
export const fileName = ({ width, height }: Size, theme: Theme, { name }: Moment): string =>
  `${width}x${height}-${theme}-${name}.png`;
