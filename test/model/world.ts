import { isNotNull } from 'drizzle-orm';
import type { FieldTerms, Flow } from '#src/agreement/agreement.ts';
import type { Db } from '#src/ledger/db.ts';
import { changes } from '#src/ledger/tables/index.ts';
import { customersAgreement } from '#test/support/customers-only.ts';
import {
  type Card,
  type Chronicle,
  openChronicle,
  type Place,
  placeName,
  readCard,
  type Word,
} from './chronicle.ts';
import { examine, noneBeside, wordsOf } from './examine.ts';
import { flowId, openHouse, start } from './house.ts';
import { type Groups, type Question, readGroups } from './ledger.ts';
import type { Moment } from './life.ts';
import type { Living } from './living.ts';
import type { Planted } from './planted.ts';
import { type FieldName, fieldNames, systems, type Token, vocabulary } from './vocabulary.ts';

/** A run, as far as the model has to know of it. */
export interface RunNotes {
  /** The newest word when it began, and the time. */
  readonly since: number;
  readonly at: Date;
  /** By record of a vendor: the newest word when it was last asked for by its id. */
  readonly read: Map<string, number>;
  readonly wrote: Set<string>;
}

/** A hint of a vendor that has not been delivered yet. */
export type WaitingHint = Place;

/** Everything that lives in one model world, and what has been seen of it. */
export interface ModelWorld extends Living {
  readonly chronicle: Chronicle;
  readonly hints: WaitingHint[];
  /** Questions as people had them before their eyes, old ones too. */
  readonly shown: Question[];
  /** Numbers for new values: each is used once. */
  next(): number;
  groups: Groups;
  notes: RunNotes;
  /** Words chosen in Slack, by record and field. */
  readonly choices: Map<string, Word[]>;
  /** Rules of agreements that a run under way may still go by. */
  formerTerms: FieldTerms[];
  /** How many writings of Truce there were, and how many changed nothing at all. */
  readonly counted: { writings: number; repeats: number; unseen: number; made: number };
  /** What the first of two people chose, by question. */
  readonly firsts: Map<string, { readonly by: string; readonly token: Token }>;
  /** True for what lies in a vendor's recycle bin. */
  isBinned(place: Place): boolean;
  /** Records that people merged into others. */
  readonly mergedAway: Set<string>;
  /** Records of which a person said: gone there, archive it elsewhere. */
  readonly archivedElsewhere: Set<string>;
  /** Records written by a run that did not come to its end. */
  readonly unheard: Set<string>;
  /** When each vendor's record came to be. */
  readonly born: Map<string, Date>;
  closedChanges(): Promise<(typeof changes.$inferSelect)[]>;
  card(place: Place): Card | null;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly db: Db;
  readonly planted: Planted;
  readonly terms: (field: FieldName) => FieldTerms;
  /** What else the flow says. */
  readonly flow: Partial<Flow>;
  happens(moment: Moment): Promise<void>;
}

export async function openWorld(options: WorldOptions): Promise<ModelWorld> {
  const chronicle = openChronicle();
  let handsOn = 0;
  let number = 1000;
  const house = await openHouse({
    db: options.db,
    planted: options.planted,
    happens: options.happens,
    agreement: async (overlay) => {
      const agreement = await customersAgreement(overlay);
      const flow = agreement.flows[flowId];
      if (!flow) throw new Error('the agreement has no flow of customers');
      const fields = Object.fromEntries(fieldNames.map((field) => [field, options.terms(field)]));
      return { ...agreement, flows: { [flowId]: { ...flow, fields, ...options.flow } } };
    },
    reads: (system, ids) => {
      for (const id of ids) world.notes.read.set(placeName({ system, id }), chronicle.last);
    },
  });
  const world: ModelWorld = {
    house,
    chronicle,
    faults: [],
    trace: [],
    hints: [],
    shown: [],
    next: () => {
      number += 1;
      return number;
    },
    groups: { all: [], of: () => undefined, byKey: () => undefined },
    notes: { since: 0, at: start, read: new Map(), wrote: new Set() },
    choices: new Map(),
    born: new Map(),
    unheard: new Set(),
    firsts: new Map(),
    archivedElsewhere: new Set(),
    mergedAway: new Set(),
    isBinned: ({ system, id }) =>
      system === 'hubspot' && house.vendors.hubspot.crm.companies.get(id)?.archived === true,
    closedChanges: () =>
      house.db
        .select()
        .from(changes)
        .where(isNotNull(changes.closedAt))
        .orderBy(changes.openedAt, changes.id),
    formerTerms: [],
    counted: { writings: 0, repeats: 0, unseen: 0, made: 0 },
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
      for (const { places } of world.groups.all) chronicle.alike(places);
    },
    begin: () => {
      const notes = {
        since: chronicle.last,
        at: house.clock.now(),
        read: new Map(),
        wrote: new Set<string>(),
      };
      world.notes = notes;
      world.formerTerms = [];
      return {
        goesOn: () => {
          world.notes = notes;
        },
        ends: (finished) => {
          for (const place of notes.wrote)
            if (finished) world.unheard.delete(place);
            else world.unheard.add(place);
        },
        wrote: () => [...notes.wrote],
      };
    },
    card: ({ system, id }) => {
      const card = house.vendors[system].card(id);
      return card && card.externalId === id ? readCard(system, card.fields) : null;
    },
    close: house.close,
  };
  for (const system of systems) {
    const vendor = house.vendors[system];
    for (const { externalId } of vendor.cards()) {
      const place = { system, id: externalId };
      chronicle.begins(place, world.card(place) as Card);
    }
    vendor.onChange((id) => changed(world, { system, id }, handsOn > 0));
  }
  return world;
}

function changed(world: ModelWorld, place: Place, byPerson: boolean): void {
  const { chronicle, groups } = world;
  world.hints.push(place);
  const card = world.card(place);
  if (!card) return;
  const { born } = world;
  if (!born.has(placeName(place))) born.set(placeName(place), world.house.clock.now());
  if (byPerson) {
    const fields = chronicle.typed(place, card);
    if (fields.length > 0)
      world.note(`  typed ${placeName(place)} ${fields.map((field) => `${field}=${card[field]}`).join(' ')}`);
  } else {
    const isNew = !chronicle.has(place);
    const group = groups.of(place) ?? groups.byKey(card.abn);
    const archived = !isNew && chronicle.cell(place, 'status').token === 'archived';
    const written = chronicle.written(place, card, (_, field, token) => wordsOf(world, group, field, token));
    world.counted.writings += 1;
    world.notes.wrote.add(placeName(place));
    if (isNew) {
      world.counted.made += 1;
      noneBeside(world, place, card);
    }
    if (written.length === 0) world.counted.repeats += 1;
    const what = written.map(
      ({ field, over, token }) => `${field}=${token}${isNew ? '' : ` over ${over.token}`}`,
    );
    world.note(`  ${isNew ? 'made' : 'wrote'} ${placeName(place)} ${what.join(', ')}`);
    for (const one of written) examine(world, group, one, { isNew, archived, card });
  }
  const group = groups.of(place);
  if (group) chronicle.alike(group.places);
}

export const isFieldName = (name: string): name is FieldName => name in vocabulary;
