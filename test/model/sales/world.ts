import { isNotNull } from 'drizzle-orm';
import type { Db } from '#src/ledger/db.ts';
import { changes } from '#src/ledger/tables/index.ts';
import type { PracticeSystem } from '#src/playground/vendors/vendor.ts';
import type { Dice } from '../dice.ts';
import { openHouse } from '../house.ts';
import type { Groups, Question } from '../ledger.ts';
import { readGroups } from '../ledger.ts';
import type { Moment } from '../life.ts';
import type { Living } from '../living.ts';
import { salesAgreement } from './agreement.ts';
import { plantedSales } from './planted.ts';
import { openSaid, type Said } from './said.ts';
import { watchBooks } from './watch-books.ts';
import { watchDeals } from './watch-deals.ts';
import { watchGoods } from './watch-goods.ts';

export interface Hint {
  readonly connection: PracticeSystem;
  readonly entity: string;
  readonly id: string;
}

/** The world of sales: products, stock, deals, invoices and payments, and what has been seen of them. */
export interface SalesWorld extends Living {
  readonly hints: Hint[];
  /** Questions as people had them before their eyes, old ones too. */
  readonly shown: Question[];
  readonly said: Said;
  groups: Groups;
  /** Numbers for new values: each is used once. */
  next(): number;
  /** True while a person is at it. */
  readonly isByHand: boolean;
  /** What was written since the run began. */
  wrote: Set<string>;
  /** The last day of which nothing may change in Xero; null = none. */
  lockedUntil: string | null;
  closedChanges(): Promise<(typeof changes.$inferSelect)[]>;
  close(): Promise<void>;
}

export async function openSalesWorld({
  db,
  dice,
  happens,
}: {
  readonly db: Db;
  readonly dice: Dice;
  happens(moment: Moment): Promise<void>;
}): Promise<SalesWorld> {
  let handsOn = 0;
  let number = 100;
  const house = await openHouse({
    db,
    planted: plantedSales(dice.of('planted')),
    happens,
    agreement: (overlay) => salesAgreement(overlay, dice.of('agreement')),
    reads: () => undefined,
  });
  const world: SalesWorld = {
    house,
    faults: [],
    trace: [],
    counted: { writings: 0, made: 0, unseen: 0 },
    hints: [],
    shown: [],
    said: openSaid(),
    groups: { all: [], of: () => undefined, byKey: () => undefined },
    wrote: new Set(),
    lockedUntil: null,
    next: () => {
      number += 1;
      return number;
    },
    get isByHand() {
      return handsOn > 0;
    },
    note: (line) => {
      world.trace.push(line);
    },
    wrong: (what, detail) => {
      world.trace.push(`WRONG: ${what}: ${detail}`);
      world.faults.push({ what, detail });
    },
    byHand: (work) => {
      handsOn += 1;
      try {
        return work();
      } finally {
        handsOn -= 1;
      }
    },
    look: async () => {
      world.groups = await readGroups(house.db);
    },
    begin: () => {
      const wrote = new Set<string>();
      world.wrote = wrote;
      return {
        goesOn: () => {
          world.wrote = wrote;
        },
        ends: () => undefined,
        wrote: () => [...wrote],
      };
    },
    closedChanges: () =>
      house.db
        .select()
        .from(changes)
        .where(isNotNull(changes.closedAt))
        .orderBy(changes.openedAt, changes.id),
    close: house.close,
  };
  for (const watch of [watchGoods, watchDeals, watchBooks]) watch(world);
  return world;
}
