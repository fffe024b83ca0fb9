import { BadInput } from "./exit.ts";

/** @throws BadInput unless the text is a whole number from 1 on. */
export function wholeNumber(flag: string, text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || !Number.isSafeInteger(value)) {
    throw new BadInput(`${flag} takes a whole number from 1 on, not ${text}.`);
  }
  return value;
}
