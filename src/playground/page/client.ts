import type { PageAnswer, PageEvent, PageState } from '../page-server/api.ts';
import type { Move } from './model.ts';

/** The page's only door to its server. */
export type Send = (path: string, body: object) => Promise<boolean>;

/** Microseconds are Slack's; the browser's clock has milliseconds. */
export const nowTs = () => (Date.now() / 1000).toFixed(6);

/** Posts JSON; a refusal, or a server that cannot be reached, becomes the page's problem line. True when it was taken. */
export function sender(dispatch: (move: Move) => void): Send {
  return async (path, body) => {
    const answer = await fetch(`/practice/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
      .then((response) => response.json() as Promise<PageAnswer>)
      .catch((): PageAnswer => ({ ok: false, error: 'Truce cannot be reached. Is it still running?' }));
    dispatch({ type: 'problem', problem: answer.ok ? null : answer.error });
    return answer.ok;
  };
}

/**
 * Follows everything that happens, as one person, until the returned function is called. After each (re)connect the whole
 * state is read; events that arrive meanwhile are applied after it, in their order, so that none is lost or undone.
 */
export function follow(user: string | null, dispatch: (move: Move) => void): () => void {
  const query = user ? `?as=${encodeURIComponent(user)}` : '';
  let stream: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let wait = 300;
  let ended = false;

  const again = () => {
    stream?.close();
    if (ended) return;
    dispatch({ type: 'connected', connected: false });
    clearTimeout(retry);
    retry = setTimeout(connect, wait);
    wait = Math.min(wait * 2, 5_000);
  };
  const connect = () => {
    const mine = new EventSource(`/practice/events${query}`);
    stream = mine;
    let early: PageEvent[] | null = [];
    let rooms = new Set<string>();
    const apply = (event: PageEvent) => {
      dispatch({ type: 'event', event, at: nowTs() });
      // A direct message that was opened just now: only the whole state knows its channel.
      if (event.type === 'message' && !rooms.has(event.message.channel)) load();
    };
    const load = async () => {
      try {
        early ??= [];
        const response = await fetch(`/practice/state${query}`);
        if (!response.ok) throw new Error(`state answered ${response.status}`);
        const state = (await response.json()) as PageState;
        if (mine !== stream || ended) return;
        wait = 300;
        rooms = new Set(state.channels.map((channel) => channel.id));
        dispatch({ type: 'state', state, at: nowTs() });
        const waiting = early;
        early = null;
        for (const event of waiting) dispatch({ type: 'event', event, at: nowTs() });
        dispatch({ type: 'connected', connected: true });
      } catch {
        if (mine === stream) again();
      }
    };
    mine.onmessage = ({ data }) => {
      const event = JSON.parse(data) as PageEvent;
      if (early) early.push(event);
      else apply(event);
    };
    mine.onerror = () => mine === stream && again();
    mine.onopen = load;
  };
  connect();
  return () => {
    ended = true;
    clearTimeout(retry);
    stream?.close();
  };
}
