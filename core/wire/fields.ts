/*
 * The vocabulary in which messages are declared, and the types that follow from a declaration.
 */
import type { Uuid } from "../foundation/ids.ts";
import {
  arrayOf,
  bool,
  bytes,
  type Codec,
  int16,
  int32,
  int64,
  int8,
  string,
  uint16,
  uuid,
} from "./codec.ts";
import { type ParsedRule, parseRule, type Rule } from "./rule.ts";

declare const types: unique symbol;

/** A declared field. Only its type is real: what it decodes to, what encoding takes, whether that may be left out. */
export interface Field<Out, In, Optional extends boolean> {
  readonly [types]: [Out, In, Optional];
}
export type AnyField = Field<unknown, unknown, boolean>;

/** A field may be left out when encoding if some version lacks it or it has a default. */
type MayLack<R extends Rule> = R extends `0+${string}` ? false : true;

/** Declares a field of one kind: in all versions; by a rule; by a rule and with a default of its own. */
interface Kind<T> {
  (): Field<T, T, false>;
  <R extends Rule>(rule: R): Field<T, T, MayLack<R>>;
  (rule: Rule, fallback: T): Field<T, T, true>;
}

/** What a declaration may say of a field. */
export interface Fields {
  readonly bool: Kind<boolean>;
  readonly int8: Kind<number>;
  readonly int16: Kind<number>;
  readonly uint16: Kind<number>;
  readonly int32: Kind<number>;
  /** A number: safe integers only. */
  readonly int64: Kind<number>;
  readonly uuid: Kind<Uuid>;
  readonly string: Kind<string>;
  readonly nullableString: Kind<string | null>;
  /** Bytes or records: a view of the frame. */
  readonly bytes: Kind<Uint8Array>;
  readonly nullableBytes: Kind<Uint8Array | null>;
  array<Out, In>(of: Codec<Out, In>): Field<readonly Out[], readonly In[], false>;
  array<Out, In, R extends Rule>(
    of: Codec<Out, In>,
    rule: R,
  ): Field<readonly Out[], readonly In[], MayLack<R>>;
  nullableArray<Out, In>(
    of: Codec<Out, In>,
  ): Field<readonly Out[] | null, readonly In[] | null, false>;
  nullableArray<Out, In, R extends Rule>(
    of: Codec<Out, In>,
    rule: R,
  ): Field<readonly Out[] | null, readonly In[] | null, MayLack<R>>;
  nullableArray<Out, In>(
    of: Codec<Out, In>,
    rule: Rule,
    fallback: null,
  ): Field<readonly Out[] | null, readonly In[] | null, true>;
  struct<Out, In, R extends Rule>(of: Codec<Out, In>, rule: R): Field<Out, In, MayLack<R>>;
}

type Raw = Readonly<Record<string, AnyField>>;

/** What a declaration decodes to: every field is there. */
export type DecodedOf<R> = {
  readonly [K in keyof R]: R[K] extends Field<infer Out, unknown, boolean> ? Out : never;
};

type OptionalKeys<R> = {
  [K in keyof R]: R[K] extends Field<unknown, unknown, true> ? K : never;
}[keyof R];
type InputType<F> = F extends Field<unknown, infer In, boolean> ? In : never;

/** What encoding takes: fields with a default, or missing in some version, may be left out. */
export type InputOf<R extends Raw> = {
  readonly [K in Exclude<keyof R, OptionalKeys<R>>]: InputType<R[K]>;
} & { readonly [K in OptionalKeys<R>]?: InputType<R[K]> };

/** What a declaration said of one field. */
export interface DeclaredField extends ParsedRule {
  readonly codec: Codec<unknown, unknown>;
  readonly nullable: boolean;
  fallback(): unknown;
  isFallback(value: unknown): boolean;
}

type Loose = Codec<unknown, unknown>;

/** Notes down what a declaration says, in order; gives it defaults for values. */
export class Declarer {
  readonly declared: DeclaredField[] = [];

  #add(
    codec: Codec<never, never>,
    nullable: boolean,
    rule: Rule | undefined,
    fallback: unknown,
  ): unknown {
    const loose = codec as unknown as Loose;
    const own = fallback !== undefined;
    const field: DeclaredField = {
      ...parseRule(rule),
      codec: loose,
      nullable,
      fallback: own ? () => fallback : () => loose.fallback(),
      isFallback: own ? (value) => value === fallback : (value) => loose.isFallback(value),
    };
    this.declared.push(field);
    return field.fallback();
  }

  bool(rule?: Rule, fallback?: boolean): unknown {
    return this.#add(bool as never, false, rule, fallback);
  }
  int8(rule?: Rule, fallback?: number): unknown {
    return this.#add(int8 as never, false, rule, fallback);
  }
  int16(rule?: Rule, fallback?: number): unknown {
    return this.#add(int16 as never, false, rule, fallback);
  }
  uint16(rule?: Rule, fallback?: number): unknown {
    return this.#add(uint16 as never, false, rule, fallback);
  }
  int32(rule?: Rule, fallback?: number): unknown {
    return this.#add(int32 as never, false, rule, fallback);
  }
  int64(rule?: Rule, fallback?: number): unknown {
    return this.#add(int64 as never, false, rule, fallback);
  }
  uuid(rule?: Rule): unknown {
    return this.#add(uuid as never, false, rule, undefined);
  }
  string(rule?: Rule, fallback?: string): unknown {
    return this.#add(string as never, false, rule, fallback);
  }
  nullableString(rule?: Rule, fallback?: string | null): unknown {
    return this.#add(string as never, true, rule, fallback);
  }
  bytes(rule?: Rule): unknown {
    return this.#add(bytes as never, false, rule, undefined);
  }
  nullableBytes(rule?: Rule, fallback?: null): unknown {
    return this.#add(bytes as never, true, rule, fallback);
  }
  array(of: Loose, rule?: Rule): unknown {
    return this.#add(arrayOf(of) as never, false, rule, undefined);
  }
  nullableArray(of: Loose, rule?: Rule, fallback?: null): unknown {
    return this.#add(arrayOf(of) as never, true, rule, fallback);
  }
  struct(of: Loose, rule: Rule): unknown {
    return this.#add(of as never, false, rule, undefined);
  }
}
