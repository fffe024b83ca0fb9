// The command line, run from its TypeScript: `npm run -s highwater -- run --seed 7`.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { bootstrap, root } from "./bootstrap.mjs";

bootstrap();
// As an address: node looks for a bare name from the folder it is started in.
const args = [
  "--import",
  import.meta.resolve("tsx"),
  join(root, "cli", "main.ts"),
  ...process.argv.slice(2),
];
// npm moves to the package's folder; file names on the command line are meant from where the person stands.
const cwd = process.env["INIT_CWD"] ?? process.cwd();
const child = spawn(process.execPath, args, { stdio: "inherit", cwd });
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.on(signal, () => child.kill(signal));
}
child.on("close", (code) => process.exit(code ?? 3));
