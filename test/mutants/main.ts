/*
 * Plants each mistake in a scratch copy and looks who notices. What was found out is kept, so that an interrupted round
 * goes on where it was; a mutant whose file has changed since is tried again.
 *
 *     npm run mutants                       all of them
 *     npm run mutants -- shrink-eagerly     one of them
 *     npm run mutants -- --room quorum      mechanical ones of one room
 *     npm run mutants -- --seed 2           another sample of mechanical ones
 *     npm run mutants -- --fresh            everything anew
 */
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { equivalents } from "./equivalents.ts";
import { type Caught, huntAll } from "./hunting.ts";
import { type Mechanical, mechanicalMutants } from "./mechanical.ts";
import { type Mutant, mutants } from "./mutants.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const copied = [
  "core",
  "sim",
  "test",
  "schema",
  "package.json",
  "vitest.config.ts",
  "tsconfig.base.json",
];
const statePath = join(root, "node_modules", ".cache", "highwater-mutants.json");

/** One mistake, however it came about. */
interface Planted {
  readonly id: string;
  readonly group: string;
  readonly file: string;
  apply(this: void, text: string): string;
  /** Why nobody can notice it, if so. */
  readonly equivalent: string | undefined;
}

const byHand = (mutant: Mutant): Planted => ({
  id: mutant.id,
  group: "by hand",
  file: mutant.file,
  apply: (text) => {
    const places = text.split(mutant.from).length - 1;
    if (places !== 1)
      throw new Error(`${mutant.id}: its line stands ${places} times in ${mutant.file}`);
    return text.replace(mutant.from, () => mutant.to);
  },
  equivalent: undefined,
});

const byMachine = ({ id, room, file, start, end, to, line, what }: Mechanical): Planted => ({
  id,
  group: room,
  file,
  apply: (text) => text.slice(0, start) + to + text.slice(end),
  equivalent: equivalents.find((one) => one.file === file && one.line === line && one.what === what)
    ?.why,
});

type State = Record<string, { readonly key: string; readonly caught: Caught | null }>;

async function readState(): Promise<State> {
  try {
    return JSON.parse(await readFile(statePath, "utf8")) as State;
  } catch {
    return {};
  }
}

function chosen(args: readonly string[]): Planted[] {
  const valueOf = (option: string): string | undefined =>
    args.includes(option) ? args[args.indexOf(option) + 1] : undefined;
  const [room, seed] = [valueOf("--room"), valueOf("--seed")];
  const names = args.filter((arg) => !arg.startsWith("--") && arg !== room && arg !== seed);
  const all = [...mutants.map(byHand), ...mechanicalMutants(root, seed).map(byMachine)];
  if (room !== undefined) return all.filter(({ group }) => group === room);
  return names.length === 0 ? all : all.filter(({ id }) => names.includes(id));
}

async function tryOne(scratch: string, planted: Planted): Promise<Caught | undefined> {
  const path = join(scratch, planted.file);
  const text = await readFile(path, "utf8");
  await writeFile(path, planted.apply(text));
  try {
    return await huntAll(scratch, planted.file);
  } finally {
    await writeFile(path, text);
  }
}

async function prepared(): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), "highwater-mutants-"));
  for (const part of copied) await cp(join(root, part), join(scratch, part), { recursive: true });
  await symlink(join(root, "node_modules"), join(scratch, "node_modules"));
  return scratch;
}

const usage = `npm run mutants -- [ID ... | --room ROOM] [--seed SEED] [--fresh]
ROOM: by hand, log, replication, quorum, metadata, producer state
--seed: draws another sample of mechanical ones
--fresh: tries again what is known already`;

async function main(args: readonly string[]): Promise<number> {
  const options = ["--room", "--seed", "--fresh"];
  if (args.some((arg) => arg.startsWith("--") && !options.includes(arg))) {
    console.log(usage);
    return args.includes("--help") ? 0 : 1;
  }
  const state: State = args.includes("--fresh") ? {} : await readState();
  const scratch = await prepared();
  const counts = new Map<string, { caught: number; equivalent: number; survived: string[] }>();
  try {
    for (const planted of chosen(args)) {
      const text = await readFile(join(root, planted.file), "utf8");
      const key = createHash("sha1").update(planted.apply(text)).digest("hex");
      const known = state[planted.id];
      const count = counts.get(planted.group) ?? { caught: 0, equivalent: 0, survived: [] };
      counts.set(planted.group, count);
      if (planted.equivalent !== undefined) {
        count.equivalent += 1;
        continue;
      }
      const caught =
        known?.key === key && known.caught !== null ? known.caught : await tryOne(scratch, planted);
      state[planted.id] = { key, caught: caught ?? null };
      await mkdir(dirname(statePath), { recursive: true });
      await writeFile(statePath, JSON.stringify(state, undefined, 1));
      if (caught === undefined) count.survived.push(planted.id);
      else count.caught += 1;
      const verdict =
        caught === undefined ? "SURVIVED" : `${caught.seconds.toFixed(1)} s  ${caught.by}`;
      console.log(`${planted.group.padEnd(15)} ${planted.id.padEnd(60)} ${verdict}`);
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return report(counts);
}

function report(
  counts: ReadonlyMap<string, { caught: number; equivalent: number; survived: readonly string[] }>,
): number {
  let survivors = 0;
  console.log("");
  for (const [group, { caught, equivalent, survived }] of counts) {
    survivors += survived.length;
    const same = equivalent === 0 ? "" : `, ${equivalent} change nothing`;
    console.log(`${group.padEnd(15)} ${caught} caught, ${survived.length} survived${same}`);
    for (const id of survived) console.log(`                ${id}`);
  }
  return survivors === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
