/* Answers questions about the inside of a run, by replaying it. */
import { DiskView, type NodeName, type World } from "#sim";
import type { Answer, FileEntry, Question } from "./questions.ts";
import { type Replayable, frameOf, worldAt } from "./replay.ts";
import { stateTree } from "./state-tree.ts";

/** @throws RangeError if the run has no node of that name */
export function answerTo(run: Replayable, question: Question): Answer {
  if (question.type === "message") {
    return { type: "message", bytes: frameOf(run, question.message)?.slice() };
  }
  const node = nodeIn(worldAt(run, question.moment), question.node);
  const disk = new DiskView(node.disk);
  switch (question.type) {
    case "files":
      return { type: "files", files: disk.paths().map((path) => entryOf(disk, path)) };
    case "file": {
      const { path } = question;
      if (!disk.paths().includes(path)) return { type: "file", file: undefined };
      // A copy: what the disk gives may be a view of far more than the file.
      const bytes = disk.readAll(path).slice();
      return { type: "file", file: { ...entryOf(disk, path), bytes } };
    }
    case "state": {
      const { kind } = node.spec;
      const state = node.process === undefined ? undefined : stateTree(kind, node.process);
      return { type: "state", kind, state };
    }
  }
}

const entryOf = (disk: DiskView, path: string): FileEntry => {
  const { named, ranges } = disk.kept(path);
  return { path, size: disk.size(path), named, kept: ranges };
};

function nodeIn(world: World, name: NodeName): World["nodes"][number] {
  const index = world.names.get(name);
  const node = index === undefined ? undefined : world.nodes[index];
  if (node === undefined) throw new RangeError(`there is no node ${name}`);
  return node;
}
