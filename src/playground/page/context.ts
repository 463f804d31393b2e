import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { PageUser } from '../page-server/api.ts';
import type { Send } from './client.ts';
import { emptyModel, type Model, type Move, workspaceUser } from './model.ts';
import type { Reader } from './words/dates.ts';

/** What every part of the page may use: the picture, the way to change it, the way to the server. */
export interface Page {
  readonly model: Model;
  readonly dispatch: (move: Move) => void;
  readonly send: Send;
  readonly reader: Reader;
}

export const PageContext = createContext<Page>({
  model: emptyModel,
  dispatch: () => {},
  send: async () => false,
  reader: { now: new Date(), zone: 'UTC' },
});

export const usePage = () => useContext(PageContext);

export function userOf(model: Model, id: string): PageUser {
  if (id === workspaceUser) return { id, name: 'Practice workspace', part: null, isBot: true };
  return model.users.find((user) => user.id === id) ?? { id, name: 'somebody', part: null, isBot: false };
}
