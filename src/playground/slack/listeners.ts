import type { PageEvent } from '../page-server/api.ts';

export type Listener = (event: PageEvent) => void;

/** The open Slack windows of each person. What is told while nobody listens is not kept. */
export interface Listeners {
  subscribe(user: string, listener: Listener): () => void;
  tell(user: string, event: PageEvent): void;
  tellAll(users: readonly string[], event: PageEvent): void;
}

export function openListeners(): Listeners {
  const open = new Map<string, Set<Listener>>();
  const tell = (user: string, event: PageEvent) => {
    for (const listener of [...(open.get(user) ?? [])]) listener(event);
  };
  return {
    subscribe: (user, listener) => {
      const mine = open.get(user) ?? new Set<Listener>();
      open.set(user, mine);
      mine.add(listener);
      return () => mine.delete(listener);
    },
    tell,
    tellAll: (users, event) => {
      for (const user of users) tell(user, event);
    },
  };
}
