/*
 * What the page has asked about the inside of runs, and what it was told. One question is out at a time, and none while
 * time moves: what was told last about the same thing stands until then.
 */
import type { Run, Simulation } from "../run.ts";
import type { FromWorker } from "../worker-messages.ts";
import type { Answer, Question } from "./questions.ts";

/** What is known: the answer, which may be of another moment while a newer one is waited for; or why there is none. */
export interface Looked {
  readonly answer: Answer | undefined;
  readonly failure: string | undefined;
  readonly waiting: boolean;
}

export interface Looks {
  /** What is known; asks for what is not, unless time moves. */
  ask(run: Run, question: Question, isMoving: boolean): Looked;
  /** Takes an answer in. */
  hear(message: Extract<FromWorker, { readonly type: "looked" }>): void;
}

/** Answers that are remembered. */
const most = 40;

export function newLooks(simulation: Pick<Simulation, "send">): Looks {
  const known = new Map<string, Answer | string>();
  const latest = new Map<string, Answer>();
  let asked: { readonly ask: number; readonly key: string; readonly subject: string } | undefined;
  let asks = 0;
  return {
    ask: (run, question, isMoving) => {
      const key = `${run.id} ${JSON.stringify(question)}`;
      const subject = subjectOf(run, question);
      const found = known.get(key);
      if (found !== undefined) {
        const failure = typeof found === "string" ? found : undefined;
        const answer = typeof found === "string" ? undefined : found;
        return { answer, failure, waiting: false };
      }
      if (!isMoving && asked === undefined) {
        asked = { ask: (asks += 1), key, subject };
        simulation.send({ type: "look", run: run.id, ask: asks, scenario: run.scenario, question });
      }
      return { answer: latest.get(subject), failure: undefined, waiting: true };
    },
    hear: ({ ask, answer }) => {
      if (asked?.ask !== ask) return;
      known.set(asked.key, answer);
      if (typeof answer !== "string") {
        latest.delete(asked.subject);
        latest.set(asked.subject, answer);
      }
      asked = undefined;
      for (const memory of [known, latest]) forget(memory);
    },
  };
}

function forget(memory: Map<string, unknown>): void {
  for (const key of memory.keys()) {
    if (memory.size <= most) return;
    memory.delete(key);
  }
}

/** What a question is about, whatever its moment. */
const subjectOf = (run: Run, question: Question): string =>
  question.type === "message"
    ? `${run.id} message ${question.message}`
    : JSON.stringify({ ...question, moment: run.id });
