/*
 * Mechanical mutants that change nothing that anybody could notice, with the reason. Told by file, line as it stands, and
 * what was done to it.
 */
export interface Equivalent {
  readonly file: string;
  readonly line: string;
  readonly what: string;
  readonly why: string;
}

export const equivalents: readonly Equivalent[] = [];
