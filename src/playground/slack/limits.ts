import type { Clock } from '../../clock.ts';

/** Calls per minute of Slack's tiers. The numbers are floors in Slack's documentation; here they are the limit. */
const TIER_2 = 20;
const TIER_3 = 50;
const TIER_4 = 100;
const perMinute: Readonly<Record<string, number>> = {
  'conversations.list': TIER_2,
  'usergroups.users.list': TIER_2,
  'apps.connections.open': TIER_3,
  'chat.update': TIER_3,
  'conversations.history': TIER_3,
  'conversations.replies': TIER_3,
  'conversations.info': TIER_3,
  'conversations.open': TIER_3,
  'chat.postEphemeral': TIER_4,
  'conversations.members': TIER_4,
  'users.info': TIER_4,
  'views.open': TIER_4,
  'views.push': TIER_4,
  'views.update': TIER_4,
  'views.publish': TIER_4,
};
/** chat.postMessage: about one a second per channel, with a short burst. */
const POST_BURST = 4;

/** Seconds to wait before this call is taken, or null when it is taken now (and counted). */
export type Limits = (method: string, channel: string) => number | null;

export function openLimits(clock: Clock): Limits {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const take = (key: string, size: number, perSecond: number): number | null => {
    const now = clock.now().getTime();
    const bucket = buckets.get(key) ?? { tokens: size, at: now };
    buckets.set(key, bucket);
    bucket.tokens = Math.min(size, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    if (bucket.tokens < 1 - 1e-6) return Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond));
    bucket.tokens -= 1;
    return null;
  };
  return (method, channel) => {
    if (method === 'chat.postMessage') return take(`${method}/${channel}`, POST_BURST, 1);
    const tier = perMinute[method];
    return tier === undefined ? null : take(method, tier, tier / 60);
  };
}
