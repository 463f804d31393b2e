/** Why Slack does not take what is to be said in a channel, in words for the technical owner. */
export function roomWords(reason: string): string {
  if (reason === 'channel_not_found') return 'there is no such channel, or I am not in it';
  if (reason === 'not_in_channel') return 'I am not in the channel';
  if (reason === 'is_archived' || reason === 'is_inactive') return 'the channel is archived';
  if (reason.startsWith('restricted_action')) return 'the channel’s settings do not let me post';
  return `Slack says “${reason}”`;
}
