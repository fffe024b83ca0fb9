// What the architecture's rules look at: files with their text, parsed once, and a walk over the syntax tree.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "vite";
import { root } from "../../../scripts/bootstrap.mjs";

/** A file of the checkout. `path` is relative to it, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A syntax node, in the shape that ESTree gives it. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly [property: string]: unknown;
}

/** One place that breaks a rule: `core/log/log.ts:12 ...`. */
export type Complaint = string;

const ignored = new Set(["node_modules", "dist", "coverage", ".git", ".cache"]);

/** Every file below `folder` (relative to the checkout; "" is all of it) whose name ends in one of `endings`. */
export function sourceFiles(folder: string, endings: readonly string[]): SourceFile[] {
  const files: SourceFile[] = [];
  const visit = (path: string): void => {
    for (const entry of readdirSync(join(root, path), { withFileTypes: true })) {
      if (ignored.has(entry.name)) continue;
      const below = path === "" ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) visit(below);
      else if (endings.some((ending) => entry.name.endsWith(ending))) {
        files.push({ path: below, text: readFileSync(join(root, below), "utf8") });
      }
    }
  };
  visit(folder);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The syntax tree of a TypeScript file. Throws where the text is none. */
export function parse(file: SourceFile): SyntaxNode {
  const { program, errors } = parseSync(file.path, file.text);
  if (errors.length > 0) throw new Error(`${file.path}: ${errors[0]?.message ?? "no TypeScript"}`);
  return program as unknown as SyntaxNode;
}

/** Calls `visit` on a node and all below it, parents first, with the chain of nodes above each. */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, above: readonly SyntaxNode[]) => void,
  above: readonly SyntaxNode[] = [],
): void {
  visit(node, above);
  const chain = [...above, node];
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) walk(child, visit, chain);
    }
  }
}

/** Whether a property of a node is itself a node. */
export function isNode(value: unknown): value is SyntaxNode {
  return (
    typeof value === "object" && value !== null && typeof Reflect.get(value, "type") === "string"
  );
}

/** A complaint about the place where `node` starts. */
export function complain(file: SourceFile, node: SyntaxNode, sentence: string): Complaint {
  const line = file.text.slice(0, node.start).split("\n").length;
  return `${file.path}:${line} ${sentence}`;
}

/** The top-level folder of a path: "core/log/log.ts" is in "core". */
export function roomOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "";
}
