/** A bug of ours: an assertion of the core or the simulator did not hold. No input from outside may ever cause one. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/**
 * States one fact that must hold. Assertions stay on in every build: a simulator that goes on with a
 * broken state would report nonsense.
 * @throws InvariantError naming the fact, when it does not hold.
 */
export function assert(fact: boolean, sentence: string): asserts fact {
  if (!fact) throw new InvariantError(sentence);
}

/** Marks the default branch of an exhaustive switch. @throws InvariantError if it is ever reached. */
export function unreachable(value: never): never {
  throw new InvariantError(`unreachable: ${JSON.stringify(value)}`);
}

/** Returns a value that must be there. @throws InvariantError naming what was missing. */
export function must<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new InvariantError(`missing: ${what}`);
  return value;
}
