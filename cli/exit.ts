/** Exit codes: all that was promised held, something broke, the question was wrong, Highwater itself failed. */
export const exit = { held: 0, broken: 1, badInput: 2, failed: 3 } as const;

/** What a person typed cannot be done: a sentence, and code 2. */
export class BadInput extends Error {
  override readonly name = "BadInput";
}
