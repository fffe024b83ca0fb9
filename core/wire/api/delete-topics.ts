import { api } from "../api.ts";
import { string } from "../codec.ts";
import { type Decoded, struct } from "../schema.ts";

const topic = struct((f) => ({
  /** Null: by id. */
  name: f.nullableString("6+", null),
  topicId: f.uuid("6+"),
}));

const request = struct((f) => ({
  topics: f.array(topic, "6+"),
  topicNames: f.array(string, "0-5 ignorable"),
  timeoutMs: f.int32(),
}));

const result = struct((f) => ({
  name: f.nullableString("0+ nullable 6+"),
  topicId: f.uuid("6+ ignorable"),
  errorCode: f.int16(),
  errorMessage: f.nullableString("5+ ignorable", null),
}));

const response = struct((f) => ({
  throttleTimeMs: f.int32("1+ ignorable"),
  responses: f.array(result),
}));

export type DeleteTopicsRequest = Decoded<typeof request>;
export type DeleteTopicsResponse = Decoded<typeof response>;

export const deleteTopics = api({
  key: 20,
  name: "DeleteTopics",
  versions: [0, 6],
  flexibleFrom: 4,
  request,
  response,
});
