// What would make two runs of one seed differ: asynchrony, clocks, chance, engines and state that outlives a run.
import {
  type Complaint,
  type SourceFile,
  type SyntaxNode,
  complain,
  isNode,
  parse,
  walk,
} from "./source.ts";

const foreignGlobals = new Set(
  (
    "Date Promise Intl performance process crypto setTimeout setInterval setImmediate clearTimeout " +
    "queueMicrotask requestAnimationFrame structuredClone console globalThis window self fetch " +
    "WeakRef FinalizationRegistry Atomics SharedArrayBuffer eval Function TextEncoder TextDecoder"
  ).split(" "),
);
const exactMath = new Set("abs ceil clz32 floor imul max min round sign trunc".split(" "));
const foreignMembers = new Set(
  "localeCompare normalize toLocaleString toLocaleUpperCase toLocaleLowerCase".split(" "),
);

/** Complains of all that is asynchronous, or whose result the seed alone does not decide. For core and sim. */
export function determinismComplaints(file: SourceFile): Complaint[] {
  const program = parse(file);
  const own = declaredNames(program);
  const complaints: Complaint[] = [];
  walk(program, (node, above) => {
    const sentence = problemOf(node, above.at(-1), own);
    if (sentence !== undefined) complaints.push(complain(file, node, sentence));
  });
  return complaints;
}

function problemOf(
  node: SyntaxNode,
  parent: SyntaxNode | undefined,
  own: ReadonlySet<string>,
): string | undefined {
  if (node["async"] === true) return "is async";
  if (node.type === "AwaitExpression") return "awaits";
  if (node.type === "ForOfStatement" && node["await"] === true) return "awaits";
  if (node.type === "ImportExpression") return "imports while it runs";
  if (node["operator"] === "**" || node["operator"] === "**=") return "uses **";
  if (node.type === "MemberExpression") return memberProblem(node, own);
  if (node.type !== "Identifier" || isMereName(node, parent)) return undefined;
  const name = String(node["name"]);
  return foreignGlobals.has(name) && !own.has(name) ? `uses ${name}` : undefined;
}

function memberProblem(node: SyntaxNode, own: ReadonlySet<string>): string | undefined {
  const object = nameOf(node["object"]);
  const property = node["property"];
  const literal = isNode(property) && property.type === "Literal" ? property["value"] : undefined;
  const member = node["computed"] === true ? literal : nameOf(property);
  if (object === "Math" && !own.has("Math")) {
    if (typeof member !== "string") return "uses Math by a computed name";
    if (!exactMath.has(member)) return `uses Math.${member}`;
  }
  return typeof member === "string" && foreignMembers.has(member) ? `uses ${member}` : undefined;
}

/** Whether an identifier is the name of a property and no reference. */
function isMereName(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  if (parent === undefined) return false;
  if (parent["computed"] === true) return false;
  const isKey = parent["key"] === node && parent["shorthand"] !== true;
  const isMember = parent.type === "MemberExpression" && parent["property"] === node;
  const isTypeMember = parent.type === "TSQualifiedName" && parent["right"] === node;
  const isLabel = parent.type === "TSNamedTupleMember" && parent["label"] === node;
  return isKey || isMember || isTypeMember || isLabel;
}

/** Names that a file declares itself, anywhere: they are not the global ones. */
function declaredNames(program: SyntaxNode): Set<string> {
  const names = new Set<string>();
  const add = (pattern: unknown): void => {
    if (!isNode(pattern)) return;
    const name = nameOf(pattern);
    if (name !== undefined) names.add(name);
    add(pattern["left"]);
    add(pattern["argument"]);
    for (const element of list(pattern["elements"])) add(element);
    for (const property of list(pattern["properties"])) add(property["value"]);
  };
  walk(program, (node) => {
    if (node.type === "VariableDeclarator" || /Function|Class|^TS\w+Declaration$/.test(node.type)) {
      add(node["id"]);
    }
    if (/^Import\w*Specifier$/.test(node.type)) add(node["local"]);
    for (const parameter of list(node["params"])) add(parameter);
  });
  return names;
}

const readonlyTypes = /^(readonly\b|Readonly\w*<|ReadonlyMap\b|ReadonlySet\b)/;
const collections = new Set(["Map", "Set", "WeakMap", "WeakSet", "Array"]);

const mutators = new Set(
  "add clear copyWithin delete fill pop push reverse set shift sort splice unshift".split(" "),
);

/**
 * Complains of state that belongs to a module and could change: `let`, collections and empty literals that are not
 * read-only, static fields, and constants that a function of the file writes to (a table of numbers has no read-only
 * type). For core and sim.
 */
export function stateComplaints(file: SourceFile): Complaint[] {
  const program = parse(file);
  const complaints: Complaint[] = [];
  const constants = new Set<string>();
  for (const statement of list(program["body"])) {
    const declaration = isNode(statement["declaration"]) ? statement["declaration"] : statement;
    if (declaration.type !== "VariableDeclaration" || declaration["declare"] === true) continue;
    if (declaration["kind"] !== "const") {
      complaints.push(
        complain(file, declaration, `has a module-level ${String(declaration["kind"])}`),
      );
    }
    for (const declarator of list(declaration["declarations"])) {
      const name = nameOf(declarator["id"]);
      if (name !== undefined) constants.add(name);
      const sentence = mutableProblem(file, declarator);
      if (sentence !== undefined) complaints.push(complain(file, declarator, sentence));
    }
  }
  walk(program, (node, above) => {
    if (
      node.type === "PropertyDefinition" &&
      node["static"] === true &&
      node["readonly"] !== true
    ) {
      complaints.push(complain(file, node, "has a static field that could change"));
    }
    const written = writtenName(node);
    if (written === undefined || !constants.has(written)) return;
    const functions = above.filter((outer) => /Function/.test(outer.type));
    const isOwn = functions.some((outer) => declaredNames(outer).has(written));
    if (functions.length > 0 && !isOwn) {
      complaints.push(complain(file, node, `writes to the module's ${written}`));
    }
  });
  return complaints;
}

function mutableProblem(file: SourceFile, declarator: SyntaxNode): string | undefined {
  const init = bare(declarator["init"], file);
  const name = nameOf(declarator["id"]) ?? "a constant";
  if (!isNode(init)) return undefined;
  const id = declarator["id"];
  const annotation = isNode(id) && isNode(id["typeAnnotation"]) ? id["typeAnnotation"] : undefined;
  const type = annotation === undefined ? "" : typeText(file, annotation);
  if (readonlyTypes.test(type)) return undefined;
  if (init.type === "NewExpression") {
    const made = nameOf(init["callee"]) ?? "";
    if (collections.has(made)) return `has a module-level ${made} that is not read-only: ${name}`;
    return undefined;
  }
  const empty = list(init["elements"]).length + list(init["properties"]).length === 0;
  if (init.type === "ArrayExpression") return `has a module-level array that could change: ${name}`;
  if (init.type === "ObjectExpression" && (type === "" || empty)) {
    return `has a module-level object that could change: ${name}`;
  }
  return undefined;
}

/** A value without the types written after it, unless one of them is `as const`. */
function bare(value: unknown, file: SourceFile): unknown {
  if (!isNode(value)) return value;
  const type = value["typeAnnotation"];
  if (!isNode(type) || !/^TS(As|Satisfies)Expression$/.test(value.type)) return value;
  return /^(const$|readonly |Readonly)/.test(typeText(file, type))
    ? undefined
    : bare(value["expression"], file);
}

/** The name of the variable whose content a node changes: `a` in `a[0] = 1`, `a.b += 1`, `delete a.b`, `a.push()`. */
function writtenName(node: SyntaxNode): string | undefined {
  if (node.type === "AssignmentExpression") return rootName(node["left"]);
  if (node.type === "UpdateExpression") return rootName(node["argument"]);
  if (node.type === "UnaryExpression" && node["operator"] === "delete") {
    return rootName(node["argument"]);
  }
  const callee = node["callee"];
  if (node.type !== "CallExpression" || !isNode(callee)) return undefined;
  const method = nameOf(callee["property"]);
  return method !== undefined && mutators.has(method) ? rootName(callee) : undefined;
}

/** `a` of `a.b[0].c`; nothing for a plain `a`. */
function rootName(node: unknown): string | undefined {
  if (!isNode(node) || node.type !== "MemberExpression") return undefined;
  let object: unknown = node;
  while (isNode(object) && object.type === "MemberExpression") object = object["object"];
  return nameOf(object);
}

function typeText(file: SourceFile, annotation: SyntaxNode): string {
  const end = annotation["end"];
  return file.text
    .slice(annotation.start, typeof end === "number" ? end : undefined)
    .replace(/^:\s*/, "");
}

function nameOf(node: unknown): string | undefined {
  return isNode(node) && node.type === "Identifier" ? String(node["name"]) : undefined;
}

function list(value: unknown): SyntaxNode[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}
