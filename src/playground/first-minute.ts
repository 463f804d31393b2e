import type { Clock } from '../clock.ts';
import { type AddressPart, addressPart, meaningOf } from './page/words/meanings.ts';
import { watchGuide } from './page-server/guide.ts';
import type { PageSlack } from './page-server/server.ts';
import { starCustomer } from './page-server/shown.ts';
import type { Stage } from './page-server/stage.ts';
import type { Store } from './store.ts';
import type { Card, PracticeSystem, PracticeVendor } from './vendors/vendor.ts';

/** Two people who each know better where the bills of one customer go. */
const edits: readonly {
  system: PracticeSystem;
  editor: string;
  address: Readonly<Partial<Record<AddressPart, string>>>;
}[] = [
  {
    system: 'hubspot',
    editor: 'Mia Farrow-Hall',
    address: { street: '31 Gipps St', street2: '', city: 'Bega', state: 'NSW', postcode: '2550' },
  },
  {
    system: 'xero',
    editor: 'Ravi Menon',
    address: { street: 'PO Box 212', street2: '', city: 'Merimbula', state: 'NSW', postcode: '2548' },
  },
];

/** Times in ms: how long a page may take to come, to be looked at, and how fast people type. */
const waitForPage = 20_000;
const lookAround = 1_500;
const betweenLetters = 40;
const betweenPeople = 700;

export interface FirstMinuteOptions {
  readonly slack: PageSlack;
  readonly vendors: readonly PracticeVendor[];
  readonly stage: Stage;
  readonly clock: Clock;
  /** Remembers, once for each data folder, that it was played. */
  readonly store: Store;
  /** The flow's id, and its channel without "#". */
  readonly flow: string;
  readonly channel: string;
}

export interface FirstMinute {
  /** Resolves once both addresses are saved, or were in an earlier start. */
  readonly played: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Explains the product without a word of manual: soon after the first page opens, one billing address is typed into the
 * HubSpot card and another into the Xero card. Without a page the same edits happen by themselves. The line on top follows.
 */
export function startFirstMinute(options: FirstMinuteOptions): FirstMinute {
  const memory = options.store.collection<{ playedAt: string }>('page.first-minute');
  const wasPlayed = memory.get('customers') !== undefined;
  const guide = watchGuide({ ...options, isBefore: !wasPlayed });
  const ended = new AbortController();
  const play = async () => {
    const { stage, clock } = options;
    const isWatched = await Promise.race([
      stage.opened.then(() => true),
      clock.sleep(waitForPage, ended.signal).then(() => false),
    ]);
    const plans = edits.flatMap((edit) => planOf(options, edit) ?? []);
    if (isWatched) {
      await clock.sleep(lookAround, ended.signal);
      for (const plan of plans) await typeInSight(options, plan, ended.signal);
    }
    if (ended.signal.aborted) return;
    // Saved together: were one earlier, Truce would have carried it to the other system before the second is there.
    for (const { vendor, externalId, values, editor } of plans) vendor.edit(externalId, values, editor);
    memory.set('customers', { playedAt: clock.now().toISOString() });
    guide.played();
  };
  const played = wasPlayed ? Promise.resolve() : play();
  return {
    played,
    stop: async () => {
      ended.abort();
      guide.stop();
      await played;
    },
  };
}

/** What one of the two is about to save. */
interface Plan {
  readonly vendor: PracticeVendor;
  readonly externalId: string;
  readonly values: Readonly<Record<string, string>>;
  readonly editor: string;
}

function planOf(
  { vendors, stage }: FirstMinuteOptions,
  { system, editor, address }: (typeof edits)[number],
): Plan | undefined {
  const vendor = vendors.find((candidate) => candidate.system === system);
  const card = star(stage, system);
  return (
    vendor && card && { vendor, externalId: card.externalId, values: addressValues(card, address), editor }
  );
}

async function typeInSight(
  { stage, clock }: FirstMinuteOptions,
  { vendor: { system }, externalId, values }: Plan,
  signal: AbortSignal,
): Promise<void> {
  for (const [key, value] of Object.entries(values)) {
    for (let end = 1; end <= value.length && !signal.aborted; end += 1) {
      stage.tell({ type: 'typing', system, externalId, key, value: value.slice(0, end) });
      await clock.sleep(betweenLetters, signal);
    }
  }
  await clock.sleep(betweenPeople, signal);
}

/** The customer of the story, whichever customer the cards show by now. */
function star(stage: Stage, system: PracticeSystem): Card | undefined {
  const everywhere = stage
    .records('customer')
    .filter((customer) => customer.title.toLowerCase().includes(starCustomer.toLowerCase()))
    .toSorted((a, b) => b.cards.length - a.cards.length)[0];
  return everywhere?.cards.find((card) => card.system === system);
}

/** The address under the vendor's own keys; parts that the card does not have are left out, empty ones are not typed. */
function addressValues(card: Card, address: (typeof edits)[number]['address']): Record<string, string> {
  return Object.fromEntries(
    card.fields.flatMap((field) => {
      const part = meaningOf(field) === 'address' ? addressPart(field) : null;
      const value = part ? address[part] : undefined;
      return value === undefined ? [] : [[field.key, value]];
    }),
  );
}
