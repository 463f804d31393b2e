import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Crm } from '#src/playground/vendors/hubspot/server.ts';
import type { PracticeVendor } from '#src/playground/vendors/vendor.ts';
import { buttonsOf, type Person } from '#test/support/person.ts';
import { readable, textOf } from '#test/support/reading.ts';
import { openTruce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

/** A channel with Priya and Tom in it, and without Truce: `/sync` can be typed anywhere. */
const foreign = 'C0FINANCE1';

describe('a form that is submitted where Truce cannot post', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;

  beforeAll(async () => {
    truce = await openTruce('PGlite');
  }, 120_000);
  afterAll(() => truce?.stop());

  const properties = () => (truce.vendor('hubspot') as PracticeVendor & { readonly crm: Crm }).crm.properties;
  const lack = () => {
    for (const name of ['truce_id', 'acn']) properties().remove('companies', name);
  };
  /** What Truce wrote to somebody directly. */
  const direct = ({ id }: Person) =>
    truce.practice.slack
      .messagesFor(id)
      .filter(({ channel }) => channel.startsWith('D'))
      .map(textOf);
  const inView = async (viewId: string, blocks: unknown, label: string | RegExp) => {
    const button = buttonsOf({ blocks: blocks as never }).find((one) => new RegExp(label).test(one.label));
    if (!button) throw new Error(`there is no “${label}”`);
    const where = { as: truce.tom.id, channel: null, ts: null, viewId, values: {} };
    expect(await truce.practice.slack.action({ ...where, ...button })).toEqual({ ok: true });
  };

  it('from the board: an approved step is done, and who approved it hears so directly', async () => {
    lack();
    await truce.practice.slack.openHome(truce.tom.id);
    const home = await until(() => truce.practice.slack.homeFor(truce.tom.id));
    await inView(home.id, home.view.blocks, 'See connections');
    const list = await truce.tom.view('Check again');
    await inView(list.id, list.view.blocks, 'Check again');
    const checked = await truce.tom.view('Create 2 properties');
    await inView(checked.id, checked.view.blocks, /^Create 2 properties/);
    const modal = await truce.tom.view('“ACN”, single-line text');
    await truce.tom.submit(modal, {});
    await until(() => direct(truce.tom).some((said) => /Create 2 properties.*: done\./.test(said)));
    expect(properties().find('companies', 'truce_id')).toMatchObject({ unique: true });
  });

  it('from a channel without Truce: the same, and nobody in that channel sees it', async () => {
    lack();
    const list = await truce.tom.pressAndRead(
      await truce.tom.command('/sync connections', foreign),
      'Check again',
    );
    const earlier = truce.tom.views.at(-1)?.id;
    await truce.tom.press(list, /^Create 2 properties/);
    const before = direct(truce.tom).length;
    const modal = await until(() => {
      const newest = truce.tom.views.at(-1);
      return newest?.id !== earlier && readable(newest?.view).includes('“ACN”') ? newest : undefined;
    });
    await truce.tom.submit(modal, {});
    await until(() =>
      direct(truce.tom)
        .slice(before)
        .some((said) => /: done\./.test(said)),
    );
    expect(properties().find('companies', 'truce_id')).toMatchObject({ unique: true });
    expect(truce.priya.messages(foreign).map(textOf)).toEqual([]);
  });

  it('a refusal too: what “Other…” was opened for there, and is decided meanwhile, is answered', async () => {
    truce.edit('hubspot', 'Currawong Printing', { 'Billing email': 'a@hubspot.example' });
    truce.edit('xero', 'Currawong Printing', { Email: 'b@xero.example' });
    await truce.run();
    const asked = await truce.message('Which is right? Currawong Printing');
    const list = await truce.priya.command('/sync conflicts', foreign);
    const shown = await truce.priya.pressAndRead(list, 'Decide 1');
    await truce.priya.press(shown, /^Other/);
    const form = await truce.priya.view('Keep');
    await truce.priya.press(asked, 'Use Xero');
    await truce.message('Settled: Currawong Printing');
    await truce.priya.submit(form, {});
    await until(() => direct(truce.priya).find((said) => said.includes('You already chose Xero')));
  });
});
