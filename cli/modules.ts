/*
 * Guarantees and families of a person's own, loaded with `--module FILE` into this process and into every worker.
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type AnyGuarantee,
  families as builtIn,
  guarantees as allBuiltIn,
  library,
  parseScenario,
  type Scenario,
  ScenarioError,
} from "#sim";
import { BadInput } from "./exit.ts";

type Family = (seed: string) => Scenario;

const ownGuarantees: AnyGuarantee[] = [];
const ownFamilies = new Map<string, Family>();
const loaded: string[] = [];

/** Built-in guarantees and loaded ones. */
export const allGuarantees = (): readonly AnyGuarantee[] => [...allBuiltIn, ...ownGuarantees];

/** Built-in families and loaded ones. */
export const allFamilies = (): ReadonlyMap<string, Family> => new Map([...builtIn, ...ownFamilies]);

/** Absolute paths of what was loaded, for other processes and workers. */
export const loadedModules = (): readonly string[] => loaded;

/** Loads modules that export `guarantees`, `families`, or both. @throws BadInput that names the file and what is wrong */
export async function loadModules(paths: readonly string[]): Promise<void> {
  for (const path of paths) await loadModule(resolve(path));
}

async function loadModule(path: string): Promise<void> {
  if (loaded.includes(path)) return;
  let exported: Record<string, unknown>;
  try {
    exported = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BadInput(`${path} cannot be loaded (${why}).`);
  }
  const { guarantees = [], families = {} } = exported;
  if (exported["guarantees"] === undefined && exported["families"] === undefined)
    throw new BadInput(`${path} exports neither guarantees (a list) nor families (an object).`);
  if (!Array.isArray(guarantees))
    throw new BadInput(`${path}: guarantees is no list of guarantees.`);
  for (const [i, one] of guarantees.entries()) ownGuarantees.push(checkedGuarantee(path, i, one));
  if (typeof families !== "object" || families === null || Array.isArray(families))
    throw new BadInput(`${path}: families is no object of functions.`);
  for (const [name, draw] of Object.entries(families))
    ownFamilies.set(name, checkedFamily(path, name, draw));
  loaded.push(path);
}

function checkedGuarantee(path: string, index: number, value: unknown): AnyGuarantee {
  const where = `${path}: guarantees[${index}]`;
  if (typeof value !== "object" || value === null) throw new BadInput(`${where} is no guarantee.`);
  const guarantee = value as Record<string, unknown>;
  for (const key of ["id", "sentence"])
    if (typeof guarantee[key] !== "string") throw new BadInput(`${where}.${key} is no text.`);
  for (const key of ["begin", "step", "verdict"])
    if (typeof guarantee[key] !== "function") throw new BadInput(`${where}.${key} is no function.`);
  if (!Array.isArray(guarantee["preconditions"]))
    throw new BadInput(`${where}.preconditions is no list.`);
  const one = value as AnyGuarantee;
  if (allGuarantees().some(({ id }) => id === one.id))
    throw new BadInput(`${where}: there is a guarantee with the id ${one.id} already.`);
  return one;
}

function checkedFamily(path: string, name: string, draw: unknown): Family {
  if (typeof draw !== "function")
    throw new BadInput(`${path}: families.${name} is no function of a seed.`);
  if (builtIn.has(name) || library.has(name))
    throw new BadInput(`${path}: families.${name} is the name of something built in.`);
  return (seed) => {
    try {
      return parseScenario((draw as (seed: string) => unknown)(seed));
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      throw new BadInput(`${path}: families.${name} with seed ${seed}: ${error.message}`);
    }
  };
}
