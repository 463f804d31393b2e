import type { Db } from '#src/ledger/db.ts';

/** A moment of a run in which something else may happen: a named point, a call that was answered, a transaction about to begin or through. */
export type Moment = `at ${string}` | `called ${string}` | 'before commit' | 'after commit';

/** The process is gone: nothing of it goes on, nothing it opened is closed in order. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** One process, as long as it lives. */
export interface Life {
  readonly isOver: boolean;
  end(): void;
  /** Throws once it is over. */
  moment(moment: Moment): Promise<void>;
}

export function openLife(happens: (moment: Moment) => Promise<void>): Life {
  let isOver = false;
  const check = () => {
    if (isOver) throw new Killed('the process is gone');
  };
  return {
    get isOver() {
      return isOver;
    },
    end: () => {
      isOver = true;
    },
    moment: async (moment) => {
      check();
      await happens(moment);
      check();
    },
  };
}

/** The database as a process has it: it can die before and after every transaction, and reaches nothing once it is dead. */
export function mortal(db: Db, life: Life): Db {
  const transaction: Db['transaction'] = async (work, config) => {
    await life.moment('before commit');
    const result = await db.transaction(work, config);
    await life.moment('after commit');
    return result;
  };
  return new Proxy(db, {
    get: (target, key) => {
      if (life.isOver) throw new Killed('the process is gone');
      if (key === 'transaction') return transaction;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
