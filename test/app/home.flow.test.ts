import type { HomeView } from '@slack/types';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buttonsOf } from '#test/support/person.ts';
import { readable, textOf } from '#test/support/reading.ts';
import { openTruce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

describe('the board in the Home tab', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;
  const shown = (user: string) => truce.practice.slack.homeFor(user);
  const words = (user: string) => (shown(user) ? readable(shown(user)?.view).replaceAll('*', '') : '');
  /** Opens it, and waits until it says these words. */
  const open = async (user: string, says: string | RegExp) => {
    await truce.practice.slack.openHome(user);
    return saying(user, says);
  };
  const saying = (user: string, says: string | RegExp): Promise<HomeView> =>
    until(() => (new RegExp(says, 's').test(words(user)) ? shown(user)?.view : undefined));
  const press = async (user: string, label: string) => {
    const home = shown(user);
    const button =
      home && buttonsOf({ blocks: home.view.blocks as never }).find((one) => one.label === label);
    if (!home || !button) throw new Error(`the board of ${user} has no “${label}”`);
    const where = { channel: null, ts: null, viewId: home.id, values: {} };
    const done = await truce.practice.slack.action({ as: user, ...where, ...button });
    expect(done).toEqual({ ok: true });
  };

  beforeAll(async () => {
    truce = await openTruce('PGlite');
  }, 120_000);
  afterAll(() => truce?.stop());

  it('shows each person what is theirs, and nobody else anything of it', async () => {
    await open(truce.priya.id, 'For you.*1 pair of customers looks alike.*Customers: fine');
    expect(words(truce.priya.id)).toMatch(/Truce keeps your systems in step/);
    expect(words(truce.priya.id)).toMatch(/Today \d+ settled/);
    expect(words(truce.priya.id)).not.toContain('Connections');
    await open(truce.tom.id, /Xero: .*% of today’s calls left/);
    await open(truce.sam.id, 'Customers: fine');
    for (const told of ['settled', 'calls', 'Run now']) expect(words(truce.sam.id)).not.toContain(told);
    await open(truce.greta.id, 'This board is for members of Example Trading Co.');
    await open(truce.frank.id, 'This board is for members of Example Trading Co.');
    for (const outsider of [truce.greta, truce.frank])
      expect(shown(outsider.id)?.view.blocks).toHaveLength(1);
  });

  it('stands on what is well: the doctor says so, and wrote to nobody at the start', async () => {
    const words = textOf(await truce.tom.command('/sync doctor'));
    expect(words).toContain('All is well. Nothing needs you.');
    for (const part of [
      'Channels: 1 is open to me',
      'Permissions: all',
      'People: 2 are here',
      'Clocks: this machine',
    ])
      expect(words).toContain(part);
    expect(truce.tom.notifications().join()).not.toContain('Something needs you');
    expect(textOf(await truce.sam.command('/sync doctor'))).toContain('can do this');
  });

  it('is kept true while it may be open: a state word that changes is there within half a minute', async () => {
    const calls = () => truce.practice.slack.calls.filter(({ method }) => method === 'views.publish').length;
    truce.edit('hubspot', 'Corella Irrigation', { 'Street address': '27 Foundry Lane' });
    truce.edit('xero', 'Corella Irrigation', { 'Billing address': '4 Wharf Road' });
    await truce.message('Which is right? Corella Irrigation');
    const before = calls();
    await truce.app.slack.flush();
    // It was drawn just now.
    expect(calls()).toBe(before);
    truce.clock.advance(31_000);
    await truce.app.slack.flush();
    const view = await saying(truce.priya.id, '1 decision waits');
    expect(words(truce.sam.id)).toContain('Customers: waiting for the business owner');
    const decide = JSON.stringify(view.blocks).match(/"url":"([^"]+)"/)?.[1] ?? '';
    const asked = await truce.message('Which is right? Corella Irrigation');
    expect(decide).toContain(`/archives/${asked.channel}/p${asked.ts.replace('.', '')}`);
    const settled = calls();
    truce.clock.advance(31_000);
    await truce.app.slack.flush();
    expect(calls()).toBe(settled);
    // After ten minutes nobody is taken to look at it any more.
    await truce.priya.press(asked, 'Use Xero');
    truce.clock.advance(11 * 60_000);
    await truce.message('Settled: Corella Irrigation');
    await truce.app.slack.flush();
    expect(words(truce.tom.id)).toContain('waiting for the business owner');
  });

  it('names what waits: each can be gone to, or put off until later by the one who presses', async () => {
    truce.edit('hubspot', 'Currawong Printing', { 'Billing email': 'a@hubspot.example' });
    truce.edit('xero', 'Currawong Printing', { Email: 'b@xero.example' });
    await truce.message('Which is right? Currawong Printing');
    await open(truce.priya.id, 'Currawong Printing.*: email, since');
    await press(truce.priya.id, 'Later…');
    const asks = await truce.priya.view('When shall I remind you of Currawong Printing');
    const buttons = buttonsOf({ blocks: asks.view.blocks as never });
    const until9 = buttons.find(({ label }) => label.endsWith('9:00 am'));
    if (!until9) throw new Error('it offers no morning');
    const where = { as: truce.priya.id, channel: null, ts: null, viewId: asks.id, values: {} };
    await truce.practice.slack.action({ ...where, ...until9 });
    await truce.priya.view('Good: I remind you of Currawong Printing');
    await saying(truce.priya.id, '1 decision is put off: I remind you of it later');
    const asked = await truce.message('Which is right? Currawong Printing');
    await truce.priya.press(asked, 'Use Xero');
    await truce.message('Settled: Currawong Printing');
  });

  it('lets each person choose how they are told, and says it', async () => {
    await open(truce.priya.id, 'You are told what waits at 9 am and 2 pm on working days');
    await press(truce.priya.id, 'How you are told…');
    const form = await truce.priya.view('Cannot be switched off');
    expect(readable(form.view)).toContain('a second approval');
    await truce.priya.submit(form, { slots: { slots: 'morning' } });
    await saying(truce.priya.id, 'You are told what waits at 9 am on working days');
    await open(truce.tom.id, 'You are told what waits at 9 am and 2 pm on working days');
  });

  it('does what the commands do, and shows it at once', async () => {
    await open(truce.tom.id, 'Run now');
    await press(truce.tom.id, 'See');
    const see = await truce.tom.view('Last run:');
    expect(readable(see.view)).toContain('Today:');
    await press(truce.tom.id, 'Pause…');
    const asks = await truce.tom.view('While it is paused');
    const sure = buttonsOf({ blocks: asks.view.blocks as never }).find(({ label }) => label === 'For 1 hour');
    if (!sure) throw new Error('it offers no hour');
    const where = { as: truce.tom.id, channel: null, ts: null, viewId: asks.id, values: {} };
    await truce.practice.slack.action({ ...where, ...sure });
    await truce.tom.view('Customers is paused');
    await saying(truce.tom.id, 'Customers: paused by Tom Walsh since');
    // Somebody else may read it, and no more.
    await open(truce.sam.id, 'Customers: paused');
    expect(buttonsOf({ blocks: (shown(truce.sam.id)?.view.blocks ?? []) as never })).toEqual([]);
    expect(textOf(await truce.tom.command('/sync status'))).toContain('paused');
  });
});
