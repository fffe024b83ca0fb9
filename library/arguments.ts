/** An argument that makes no sense: which one, and what was expected. */
export class LibraryError extends Error {
  override readonly name = "LibraryError";
}

/** @throws LibraryError unless the value is a whole number from 1 on. */
export function numberFrom(name: string, value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1) return value;
  throw new LibraryError(`${name}: expected a whole number from 1 on, not ${String(value)}`);
}
