import type { Store } from '../../store.ts';

/** What has been saved. Of some records Xero tells by webhook, by category; of items and payments it tells nothing. */
export interface Change {
  readonly category: 'CONTACT' | 'INVOICE' | 'CREDITNOTE' | null;
  readonly id: string;
  readonly type: 'CREATE' | 'UPDATE';
  readonly at: Date;
  /** What a credit note's event says of it. */
  readonly data?: { readonly Type: string; readonly Status: string };
}

/** What an organisation's records are saved by: changes are told once all that belongs together is on file. */
export interface News {
  note(change: Change): void;
  together<R>(work: () => R): R;
}

export function createNews(store: Store, tell: (change: Change) => void): News {
  let noted: Change[] = [];
  return {
    note: (change) => void noted.push(change),
    together: (work) => {
      noted = [];
      const result = store.together(work);
      const fresh = new Map(noted.map((change) => [change.id, change]));
      for (const { id, type } of noted) {
        const last = fresh.get(id);
        if (last && type === 'CREATE') fresh.set(id, { ...last, type });
      }
      noted = [];
      for (const change of fresh.values()) tell(change);
      return result;
    },
  };
}
