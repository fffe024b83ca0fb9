// Builds the package that other people's tests import: one file of JavaScript without dependencies, and its types.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bootstrap, root } from "./bootstrap.mjs";

/** Where the package is put together. */
export const libraryFolder = join(root, "dist", "library");

/** Builds it anew. @param {string} [folder] where to; dist/library if left out */
export async function buildLibrary(folder = libraryFolder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { build } = await import("vite");
  await build({
    configFile: false,
    root,
    logLevel: "warn",
    build: {
      lib: {
        entry: join(root, "library", "index.ts"),
        formats: ["es"],
        fileName: () => "index.js",
      },
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      target: "es2023",
    },
  });
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const project = join(root, "library", "tsconfig.types.json");
  const args = [tsc, "-p", project, "--outDir", join(folder, "types")];
  const typed = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  if (typed.status !== 0) throw new Error(typed.stdout + typed.stderr);
  withoutSchemaTypes(join(folder, "types", "sim", "scenario", "schema.d.ts"));
  const own = /** @type {Record<string, unknown>} */ (
    JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
  );
  const types = "./types/library/index.d.ts";
  const manifest = {
    name: own["name"],
    version: own["version"],
    description: own["description"],
    license: own["license"],
    type: "module",
    engines: own["engines"],
    exports: { ".": { types, default: "./index.js" } },
    types,
    imports: {
      "#core": { types: "./types/core/index.d.ts" },
      "#sim": { types: "./types/sim/index.d.ts" },
    },
  };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  for (const file of ["LICENSE", "NOTICE"]) copyFileSync(join(root, file), join(folder, file));
  copyFileSync(join(root, "docs", "library.md"), join(folder, "README.md"));
}

/**
 * Whoever installs the package has no schema library: its types are not part of what is offered.
 * @param {string} file
 */
function withoutSchemaTypes(file) {
  const text = readFileSync(file, "utf8");
  const plain = text
    .replace(/^import \* as v from "valibot";\n/m, "")
    .replace("scenarioSchema: v.GenericSchema", "scenarioSchema: unknown");
  if (/\bv\./.test(plain)) throw new Error(`${file} still speaks of valibot`);
  writeFileSync(file, plain);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  bootstrap();
  await buildLibrary();
  console.log(`The package is in ${libraryFolder}: npm install it from there, or npm pack it.`);
}
