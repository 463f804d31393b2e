import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '#src/clock.ts';
import { startFirstMinute } from '#src/playground/first-minute.ts';
import type { PageEvent } from '#src/playground/page-server/api.ts';
import { customersChannel, openPracticeWorld, type PracticeWorld, priya, tom } from './practice-world.ts';

let world: PracticeWorld;
beforeEach(async () => {
  world = await openPracticeWorld();
});
afterEach(() => world.close());

/** Time that passes at once; a wait as long as the one for a page happens only when the test says so. */
function quickClock() {
  const { promise: longWait, resolve: passLongWait } = Promise.withResolvers<void>();
  let at = Date.parse('2026-11-24T00:00:00Z');
  const clock: Clock = {
    now: () => new Date(at),
    sleep: async (ms, signal) => {
      const aborted = new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
      if (ms >= 20_000) return Promise.race([longWait, aborted]);
      at += ms;
    },
  };
  return { clock, passLongWait };
}

const begin = (clock: Clock) =>
  startFirstMinute({ ...world, clock, flow: 'customers', channel: 'sync-customers' });
const user = (id: string) => world.slack.users().find((each) => each.id === id) ?? expect.fail(`no ${id}`);
const guide = (id = priya) => world.stage.guide(user(id));
const editsOf = (system: string) => world.vendors.find((vendor) => vendor.system === system)?.edits ?? [];

/** The decision as the app draws it, as far as the guide looks at it. */
const question = {
  channel: customersChannel,
  text: 'Decision needed: Bellbird Timber. Billing address differs.',
  blocks: [
    {
      type: 'actions',
      block_id: 'pick.r1',
      elements: [
        {
          type: 'button',
          action_id: 'decision_pick:xero',
          text: { type: 'plain_text', text: 'Use Xero' },
          value: 'x',
        },
      ],
    },
  ],
};
const alert = {
  ...question,
  text: 'Customers: Xero cannot be reached.',
  blocks: [
    {
      type: 'actions',
      block_id: 'alert.r1',
      elements: [
        { type: 'button', action_id: 'alert_run', text: { type: 'plain_text', text: 'Run now' }, value: 'x' },
      ],
    },
  ],
};
const answer = (ts: string, text: string) =>
  world.call('chat.update', { channel: customersChannel, ts, text, blocks: [] });

describe('the first minute', () => {
  it('types two addresses in sight once a page opens, then saves each as its own person', async () => {
    const { clock } = quickClock();
    const told: PageEvent[] = [];
    const minute = begin(clock);
    expect(guide()).toBe('Watch the two cards: two people are about to change the same address.');
    expect(editsOf('hubspot')).toEqual([]);
    const started = clock.now().getTime();
    world.stage.watch(user(priya), (event) => told.push(event));
    await minute.played;

    expect(clock.now().getTime() - started).toBeLessThan(10_000);
    const typed = told.flatMap((event) => (event.type === 'typing' ? [event] : []));
    expect(
      typed
        .filter(({ system, key }) => system === 'hubspot' && key === 'city')
        .map(({ value }) => value)
        .slice(0, 3),
    ).toEqual(['B', 'Be', 'Beg']);
    expect([...new Set(typed.map(({ system }) => system))]).toEqual(['hubspot', 'xero']);
    // Saved together: else Truce could carry the first one over before the second is there.
    const kinds = told.map(({ type }) => type);
    expect(kinds.lastIndexOf('typing')).toBeLessThan(kinds.indexOf('card'));
    expect(editsOf('hubspot')[0]?.values).toEqual({
      address: '31 Gipps St',
      city: 'Bega',
      state: 'NSW',
      zip: '2550',
    });
    expect(editsOf('xero')[0]?.values).toEqual({
      AddressLine1: 'PO Box 212',
      City: 'Merimbula',
      Region: 'NSW',
      PostalCode: '2548',
    });
    expect(editsOf('hubspot')[0]?.editor).not.toBe(editsOf('xero')[0]?.editor);
    expect(editsOf('cin7-core')).toEqual([]);
    await minute.stop();
  });

  it('happens without a page too, but only after waiting for one, and without typing', async () => {
    const { clock, passLongWait } = quickClock();
    const minute = begin(clock);
    passLongWait();
    await minute.played;
    expect([editsOf('hubspot').length, editsOf('xero').length]).toEqual([1, 1]);
    await minute.stop();
  });

  it('happens once for each data folder', async () => {
    const first = quickClock();
    const minute = begin(first.clock);
    first.passLongWait();
    await minute.played;
    await minute.stop();
    const again = begin(quickClock().clock);
    await again.played;
    expect(editsOf('hubspot')).toHaveLength(1);
    expect(guide()).toContain('Change a value on a card');
    await again.stop();
  });

  it('stops in the middle without saving, and is played at the next start', async () => {
    const minute = begin(quickClock().clock);
    await minute.stop();
    expect(editsOf('hubspot')).toEqual([]);
    expect(world.store.collection('page.first-minute').all()).toEqual([]);
  });

  it('leads through question, saving and settled, each person by their part', async () => {
    const { clock, passLongWait } = quickClock();
    const minute = begin(clock);
    passLongWait();
    await minute.played;
    expect(guide()).toContain('Both addresses are saved.');
    const { ts } = await world.call('chat.postMessage', question);
    expect(guide()).toBe('You are the business owner. Two systems disagree. Choose.');
    expect(guide(tom)).toBe(
      'Two systems disagree. You are the technical owner; Priya Nair, the business owner, can choose.',
    );
    await answer(ts, 'Saving: billing address of Bellbird Timber.');
    expect(guide()).toContain('Chosen.');
    await answer(ts, 'Settled: Bellbird Timber.');
    expect(guide()).toBe('Settled: every system was read back. Now try Break Xero, or type /sync status.');
    await minute.stop();
  });

  it('goes on to what one can break, and to what one can send', async () => {
    const { clock, passLongWait } = quickClock();
    const minute = begin(clock);
    passLongWait();
    await minute.played;
    const xero = world.vendors.find((vendor) => vendor.system === 'xero');
    const setFault = (kind: 'server_error' | 'renamed' | null) => {
      xero?.setFault(kind && { kind });
      world.stage.faultsChanged();
    };
    await answer((await world.call('chat.postMessage', question)).ts, 'Settled: Bellbird Timber.');
    setFault('renamed');
    expect(guide()).toContain('Xero renamed a field.');
    setFault('server_error');
    expect(guide()).toContain('Xero is broken: the next run will meet it.');
    const { ts } = await world.call('chat.postMessage', alert);
    expect(guide()).toContain('Mend Xero under Break Xero');
    setFault(null);
    expect(guide()).toContain('the next run closes the alert. Or type /sync run customers now.');
    await answer(ts, 'Recovered at 9:00 am. None lost, none doubled.');
    expect(guide()).toContain('Now try Send 40 changes at once.');
    world.stage.burst(40);
    expect(guide()).toContain('40 phone numbers changed in HubSpot.');
    await world.call('chat.postMessage', question);
    expect(guide()).toContain('Choose.');
    await minute.stop();
  });
});
