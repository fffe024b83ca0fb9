/* Answers questions about the inside of a run, by replaying it. */
import { apis, watchRequest, watchResponse } from "#core";
import { DiskView, type NodeName, type World } from "#sim";
import { beliefsOf, settingsOf } from "./beliefs.ts";
import { type FieldView, fieldView } from "./field-view.ts";
import { fieldsOfFile } from "./fields-of-file.ts";
import type { Answer, FileEntry, Question } from "./questions.ts";
import { type Replayable, frameOf, worldAt } from "./replay.ts";
import { stateTree } from "./state-tree.ts";

/** @throws RangeError if the run has no node of that name */
export function answerTo(run: Replayable, question: Question): Answer {
  if (question.type === "message") {
    const bytes = frameOf(run, question.message)?.slice();
    if (bytes === undefined) return { type: "message", message: undefined };
    return { type: "message", message: { bytes, fields: fieldsOf(bytes, question.answers) } };
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
      const fields = fieldView(fieldsOfFile(path, bytes));
      return { type: "file", file: { ...entryOf(disk, path), bytes, fields } };
    }
    case "state": {
      const { process } = node;
      const { kind } = node.spec;
      if (process === undefined) {
        return { type: "state", kind, state: undefined, beliefs: [], settings: [] };
      }
      const [beliefs, settings] = [beliefsOf(kind, process), settingsOf(kind, process)];
      return { type: "state", kind, state: stateTree(kind, process), beliefs, settings };
    }
  }
}

/** @throws RangeError if a response answers an API that nobody knows */
function fieldsOf(
  bytes: Uint8Array,
  answers: Extract<Question, { type: "message" }>["answers"],
): FieldView {
  if (answers === undefined) return fieldView(watchRequest(bytes));
  const api = apis.find(({ name }) => name === answers.api);
  if (api === undefined) throw new RangeError(`nobody knows ${answers.api}`);
  return fieldView(watchResponse(api, answers.version, bytes));
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
