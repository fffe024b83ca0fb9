import { Command, CommanderError } from "commander";
import { exportForms } from "#sim";
import { diff } from "./diff.ts";
import { BadInput, exit } from "./exit.ts";
import { exportCommand, type ExportOptions } from "./export.ts";
import { fingerprints, type FingerprintsOptions } from "./fingerprints.ts";
import { flaws } from "./flaws.ts";
import { loadModules } from "./modules.ts";
import { type MuseumOptions, museumTable } from "./museum.ts";
import { reduceCommand, type ReduceOptions } from "./reduce.ts";
import { run, type RunOptions } from "./run.ts";
import { scenarios } from "./scenarios.ts";
import { sweep, type SweepOptions } from "./sweep.ts";

const program = new Command("highwater")
  .description("A Kafka that you can break on purpose.")
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(text) });

let code: number = exit.held;

/** What every command that runs something takes. */
const moduleFlag = [
  "--module <file>",
  "load guarantees and families of your own (again for another)",
] as const;

/** An option that may be given more than once. */
const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

program
  .command("run")
  .description("run a scenario and judge its guarantees")
  .argument("[scenario]", "a file, a name, a family or a link; the default scenario if left out")
  .option("--seed <seed>", "another seed")
  .option("--trace <file>", "write the trace, one JSON object a line")
  .option("--claim <guarantee>", "judge that guarantee as if it were promised")
  .option("--flaw <name>", "switch a flaw on (again for another)", collect)
  .option(
    "--records <file>",
    "let the producers send your own records (NDJSON, or CSV with a header)",
  )
  .option("--key <field>", "which field of them is the key; none if left out")
  .option(...moduleFlag, collect)
  .option("--json", "one JSON object for programs")
  .action((asked: string | undefined, options: RunOptions) => {
    code = run(asked, options);
  });

program
  .command("sweep")
  .description("run a family, or one scenario, under many seeds")
  .argument("[scenario]", "a file, a name, a family or a link; the default family if left out")
  .requiredOption("--seeds <count>", "how many seeds")
  .option("--from <first>", "the first seed", "1")
  .option("--claim <guarantee>", "judge that guarantee as if it were promised")
  .option("--flaw <name>", "switch a flaw on (again for another)", collect)
  .option(...moduleFlag, collect)
  .option("--jobs <count>", "how many at a time; all cores if left out")
  .option("--out <folder>", "where reduced scenarios go", "broken")
  .option("--all-marks", "fail if no seed reached one of the places where mistakes hide")
  .option("--json", "one JSON object for programs")
  .action(async (asked: string | undefined, options: SweepOptions) => {
    code = await sweep(asked, options);
  });

program
  .command("fingerprints")
  .description("the hash of every run, to compare with those of another process or machine")
  .argument("[scenario]", "as for sweep")
  .requiredOption("--seeds <count>", "how many seeds")
  .option("--from <first>", "the first seed", "1")
  .option("--every <n>", "only each n-th of them", "1")
  .option("--flaw <name>", "switch a flaw on (again for another)", collect)
  .option(...moduleFlag, collect)
  .action((asked: string | undefined, options: FingerprintsOptions) => {
    code = fingerprints(asked, options);
  });

program
  .command("reduce")
  .description("make a scenario that breaks a promise smaller")
  .argument("<file>", "a scenario or a trace; a name or a link will do")
  .option("--claim <guarantee>", "the guarantee, if it was not promised")
  .option("--flaw <name>", "switch a flaw on (again for another)", collect)
  .option(...moduleFlag, collect)
  .option("--out <file>", "where the smaller scenario goes; beside the first if left out")
  .action((asked: string, options: ReduceOptions) => {
    code = reduceCommand(asked, options);
  });

program
  .command("export")
  .description("write a run in another form: for Wireshark, Perfetto, ShiViz, Vitest")
  .argument("<run>", "a scenario or a trace; a name, a family or a link will do")
  .requiredOption("--as <form>", Object.keys(exportForms).join(", "))
  .requiredOption("--out <file>", "where it goes")
  .option("--seed <seed>", "another seed")
  .option("--flaw <name>", "switch a flaw on (again for another)", collect)
  .option(...moduleFlag, collect)
  .action((asked: string, options: ExportOptions) => {
    code = exportCommand(asked, options);
  });

program
  .command("diff")
  .description("the first event in which two scenarios, or two traces, differ")
  .argument("<one>")
  .argument("<other>")
  .action((one: string, other: string) => {
    code = diff(one, other);
  });

program
  .command("scenarios")
  .description("what can be run by name")
  .action(() => {
    code = scenarios();
  });

program
  .command("flaws")
  .description("flaws that can be switched on, and what they break")
  .option("--json", "one JSON array for programs")
  .action((options: { readonly json?: boolean }) => {
    code = flaws(options);
  });

program
  .command("museum")
  .description("how many seeds it takes to find each flaw, as a table")
  .option("--starts <count>", "from how many seeds the search starts", "10")
  .option("--most <count>", "how many seeds each start looks at", "1000")
  .option("--flaw <name>", "this flaw alone (again for another)", collect)
  .option("--jobs <count>", "how many at a time; all cores if left out")
  .option("--out <folder>", "write the shortest story found for each")
  .option("--json", "one JSON array for programs")
  .action(async (options: MuseumOptions) => {
    code = await museumTable(options);
  });

program.hook("preAction", async (_, command) => {
  const { module = [] } = command.opts<{ readonly module?: readonly string[] }>();
  await loadModules(module);
});

// Whoever reads only the beginning has enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(code);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  code = report(error);
}
process.exitCode = code;

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has said what is wrong; asking for help is no mistake.
    return error.exitCode === 0 ? exit.held : exit.badInput;
  }
  if (error instanceof BadInput) {
    console.error(error.message);
    return exit.badInput;
  }
  console.error(error);
  return exit.failed;
}
