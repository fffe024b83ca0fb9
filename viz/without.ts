/** The same but for one field. */
export function without<T extends object, Key extends keyof T>(value: T, key: Key): Omit<T, Key> {
  const rest: Partial<T> = { ...value };
  delete rest[key];
  return rest as Omit<T, Key>;
}
