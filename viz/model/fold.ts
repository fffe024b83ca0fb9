/* Folds one event of the trace into the picture. Nothing else ever changes a picture. */
import type { TraceEvent } from "#sim";
import { isBeat } from "./beats.ts";
import { foldCalled, foldPositionReset, foldResult } from "./fold-clients.ts";
import { foldFault, foldHealed } from "./fold-faults.ts";
import { foldDisk, foldFileHurt, foldLogNote, foldWriteBack } from "./fold-logs.ts";
import { foldDelayed, foldLost, foldReceived, foldSent } from "./fold-messages.ts";
import * as nodes from "./fold-nodes.ts";
import { foldSettingAsked, foldSettingTold, foldTopicCreated } from "./fold-settings.ts";
import type { Picture } from "./picture.ts";

export function fold(picture: Picture, event: TraceEvent): void {
  picture.events += 1;
  picture.at = event.at;
  if (isBeat(event)) picture.beat = event.seq;
  foldBody(picture, event);
}

function foldBody(picture: Picture, event: TraceEvent): void {
  switch (event.type) {
    case "started":
      return nodes.foldStarted(picture, event);
    case "down":
      return nodes.foldDown(picture, event);
    case "paused":
    case "resumed":
      return nodes.foldPausing(picture, event);
    case "opened":
    case "closed":
    case "closing":
      return nodes.foldConnection(picture, event);
    case "linkCut":
    case "linkHealed":
      return nodes.foldLink(picture, event);
    case "fault":
      return foldFault(picture, event);
    case "healed":
      return foldHealed(picture, event);
    case "sent":
      return foldSent(picture, event);
    case "delayed":
      return foldDelayed(picture, event);
    case "received":
      return foldReceived(picture, event);
    case "lost":
      return foldLost(picture, event);
    case "called":
      foldSettingAsked(picture, event);
      return foldCalled(picture, event);
    case "result":
      foldSettingTold(picture, event);
      return foldResult(picture, event);
    case "disk":
      return foldDisk(picture, event);
    case "writeBack":
      return foldWriteBack(picture, event);
    case "fileHurt":
      return foldFileHurt(picture, event);
    case "phase":
      picture.phase = event.phase;
      return;
    case "note":
      nodes.foldNodeNote(picture, event);
      foldLogNote(picture, event);
      foldTopicCreated(picture, event);
      return foldPositionReset(picture, event);
    case "timer":
    case "connecting":
    case "filled":
    case "drained":
    case "stopAsked":
      return;
  }
}
