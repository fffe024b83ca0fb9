import { museum } from "#sim";
import { exit } from "./exit.ts";

/** Lists the flaws that `--flaw` switches on. */
export function flaws({ json }: { readonly json?: boolean }): number {
  if (json === true) {
    const rows = museum.map(({ id, kip, kind, promises, sentence, fix }) => ({
      id,
      kip,
      kind,
      promises,
      sentence,
      fix,
    }));
    console.log(JSON.stringify(rows));
    return exit.held;
  }
  const table = museum.map(({ id, kip, kind, promises }) => [id, kip, kind, promises.join(", ")]);
  const widths = [0, 1, 2].map((column) =>
    Math.max(...table.map((cells) => (cells[column] ?? "").length)),
  );
  for (const [i, cells] of table.entries()) {
    console.log(cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
    console.log(`    ${museum[i]?.sentence ?? ""}`);
  }
  return exit.held;
}
