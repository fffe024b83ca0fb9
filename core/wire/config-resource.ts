/** What a setting belongs to (Kafka's ConfigResource.Type), in requests and in metadata records. */
export const topicResource = 2;
export const brokerResource = 4;
