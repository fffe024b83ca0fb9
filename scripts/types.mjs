// Checks the types of every room with that room's own compiler settings. Prints what tsc prints.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bootstrap, root } from "./bootstrap.mjs";

/** Folders with compiler settings of their own and something to check. */
export function typedRooms() {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^(\.|node_modules$|dist$)/.test(entry.name))
    .map((entry) => entry.name)
    .filter((room) => {
      const files = readdirSync(join(root, room), { recursive: true, encoding: "utf8" });
      return files.includes("tsconfig.json") && files.some((file) => /\.(ts|mjs)$/.test(file));
    })
    .sort();
}

/** The command that checks one room. @param {string} room */
export function typesCommand(room) {
  return [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", join(root, room)];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  bootstrap();
  for (const room of typedRooms()) {
    const child = spawn(process.execPath, typesCommand(room), { stdio: "inherit", cwd: root });
    await new Promise((resolve) => child.on("close", resolve));
    if (child.exitCode !== 0) {
      console.error(`${room}: its types do not hold`);
      process.exitCode = 1;
    }
  }
}
