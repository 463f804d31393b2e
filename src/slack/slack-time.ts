import type { Clock } from '../clock.ts';

/** What time Slack says it is. */
export interface SlackTime {
  /** For the client: reads the time from each answer. */
  readonly fetch: typeof globalThis.fetch;
  /** How far our clock is ahead of Slack's, in ms, to the second; null before Slack has answered. */
  ahead(): number | null;
}

/** An answer says when it was made, to the second. */
export function slackTime(clock: Clock): SlackTime {
  let ahead: number | null = null;
  return {
    fetch: async (input, init) => {
      const response = await globalThis.fetch(input, init);
      const at = Date.parse(response.headers.get('date') ?? '');
      if (!Number.isNaN(at)) ahead = clock.now().getTime() - at;
      return response;
    },
    ahead: () => ahead,
  };
}
