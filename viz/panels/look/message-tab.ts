/* One message: what it says, field by field, beside its bytes. */
import { type SentEvent, lastMessages, messageOf } from "../../model/message-of.ts";
import { sentence } from "../../model/narration.ts";
import { h, textButton } from "../dom.ts";
import { timeText } from "../time.ts";
import type { Actions, LabView } from "../view.ts";
import { fieldsPane } from "./fields-pane.ts";
import { eventRow, hint, newsOf, waitingFor } from "./parts.ts";

/** Messages that are offered where none is chosen. */
const offered = 14;

export interface InsideTab {
  readonly element: HTMLElement;
  show(view: LabView): void;
}

export function messageTab(actions: Actions): InsideTab {
  const head = h("div", { class: "look-head" });
  const pane = fieldsPane("Fields of the message");
  const element = h("div", { class: "look" });
  const isNews = newsOf();

  const show = (view: LabView): void => {
    const { run, inside, selected, player } = view;
    const { recording } = run;
    const message = messageOf(recording, inside.message ?? selected ?? -1);
    const looked = message === undefined ? undefined : view.look(questionOf(message));
    const answer = looked?.answer?.type === "message" ? looked.answer.message : undefined;
    const count = message === undefined ? player.count : 0;
    if (!isNews(run.id, message?.seq, looked?.failure, answer, count)) return;
    if (message === undefined) {
      element.replaceChildren(...offer(view, actions));
      return;
    }
    const told = sentence(message, recording.facts);
    head.replaceChildren(
      h("h3", {}, `${told}, version ${message.version}, ${message.bytes} bytes`),
      h("p", { class: "look-acts" }, `at ${timeText(message.at)}`, ...acts(message, actions)),
    );
    if (answer === undefined) element.replaceChildren(head, waitingFor(looked));
    else {
      element.replaceChildren(head, pane.element);
      pane.show(answer.fields, answer.bytes, true);
    }
  };
  return { element, show };
}

/** A response does not say which API it belongs to. */
const questionOf = ({ seq, response, api, version }: SentEvent) =>
  ({
    type: "message",
    message: seq,
    ...(response ? { answers: { api, version } } : {}),
  }) as const;

const acts = ({ seq }: SentEvent, actions: Actions): readonly HTMLElement[] => [
  textButton("Why?", "What led to this message", () => actions.select(seq)),
  textButton("Go there", "To the moment at which it left", () => actions.visit(seq)),
];

function offer({ run, player }: LabView, actions: Actions): readonly HTMLElement[] {
  const { recording } = run;
  const rows = lastMessages(recording, player.count, offered).map((message) =>
    h(
      "li",
      {},
      eventRow(message, sentence(message, recording.facts), () =>
        actions.lookInside({ message: message.seq }, "message"),
      ),
    ),
  );
  const list = h("ol", { class: "events", "aria-label": "Messages, the latest first" }, ...rows);
  return [hint("Choose a message: a dot on its way, or one of those that left last."), list];
}
