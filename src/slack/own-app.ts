import type { WebClient } from '@slack/web-api';

/**
 * The address of this app's Home tab, which Slack itself opens (docs.slack.dev, "Deep linking into Slack"). Null where Slack does
 * not say which app this is: then nothing is linked.
 */
export async function boardAddress(
  client: Pick<WebClient, 'bots'>,
  { team, bot }: { readonly team: string | undefined; readonly bot: string | undefined },
): Promise<string | null> {
  if (!team || !bot) return null;
  try {
    const { bot: found } = await client.bots.info({ bot });
    return found?.app_id ? `slack://app?team=${team}&id=${found.app_id}&tab=home` : null;
  } catch {
    return null;
  }
}
