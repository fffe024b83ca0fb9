import { InvariantError } from "../foundation/assert.ts";
import type { Codec, Compiled } from "./codec.ts";

/** One side of an API, compiled: one codec for each version from `minVersion` on. */
type Messages<Out, In> = readonly Compiled<Out, In>[];

/** One Kafka API: what it is called and what its requests and responses look like in each version that we serve. */
export interface Api<Req, Res, ReqIn, ResIn> {
  /** Kafka's api key. */
  readonly key: number;
  /** Kafka's name for it, such as `Produce`. */
  readonly name: string;
  readonly minVersion: number;
  readonly maxVersion: number;
  /** The first version with compact types and tags (KIP-482). */
  readonly flexibleFrom: number;
  readonly requests: Messages<Req, ReqIn>;
  readonly responses: Messages<Res, ResIn>;
}

export type AnyApi = Api<unknown, unknown, unknown, unknown>;

/** The decoded request of an API. */
export type RequestOf<A> = A extends Api<infer Req, unknown, unknown, unknown> ? Req : never;
/** The decoded response of an API. */
export type ResponseOf<A> = A extends Api<unknown, infer Res, unknown, unknown> ? Res : never;
/** What encoding a request takes. */
export type RequestInput<A> = A extends Api<unknown, unknown, infer ReqIn, unknown> ? ReqIn : never;
/** What encoding a response takes. */
export type ResponseInput<A> =
  A extends Api<unknown, unknown, unknown, infer ResIn> ? ResIn : never;

/** How an API is declared. `versions`: the lowest and the highest that we serve. */
export interface ApiDeclaration<Req, Res, ReqIn, ResIn> {
  readonly key: number;
  readonly name: string;
  readonly versions: readonly [number, number];
  readonly flexibleFrom: number;
  readonly request: Codec<Req, ReqIn>;
  readonly response: Codec<Res, ResIn>;
}

/** Declares an API and compiles it, once for each version. */
export function api<Req, Res, ReqIn, ResIn>(
  declaration: ApiDeclaration<Req, Res, ReqIn, ResIn>,
): Api<Req, Res, ReqIn, ResIn> {
  const { key, name, versions, flexibleFrom, request, response } = declaration;
  const [minVersion, maxVersion] = versions;
  const compiled = <Out, In>(codec: Codec<Out, In>): Messages<Out, In> => {
    const messages: Compiled<Out, In>[] = [];
    for (let version = minVersion; version <= maxVersion; version++) {
      messages.push(codec.compile({ version, flexible: version >= flexibleFrom, nullable: false }));
    }
    return messages;
  };
  const requests = compiled(request);
  const responses = compiled(response);
  return { key, name, minVersion, maxVersion, flexibleFrom, requests, responses };
}

/** Whether an API is served in a version. */
export const serves = (of: AnyApi, version: number): boolean =>
  of.minVersion <= version && version <= of.maxVersion;

/** Whether a version has compact types and tags. */
export const isFlexible = (of: AnyApi, version: number): boolean => version >= of.flexibleFrom;

/** The codec of a version that is served. */
export function inVersion<Out, In>(
  of: AnyApi,
  messages: Messages<Out, In>,
  version: number,
): Compiled<Out, In> {
  const compiled = messages[version - of.minVersion];
  if (compiled === undefined) throw new InvariantError(`${of.name} ${version} is not served`);
  return compiled;
}
