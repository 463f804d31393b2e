import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceIn, textOf } from '#test/support/reading.ts';
import { openTruce } from '#test/support/truce.ts';

describe('running a change again', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;

  beforeAll(async () => {
    truce = await openTruce('PGlite');
  }, 120_000);
  afterAll(() => truce?.stop());

  it('shows first what it will do; Cancel does nothing; Run again does it, and tells how it ended', async () => {
    const { priya, sam } = truce;
    truce.setFault('xero', { kind: 'writes_refused', message: 'The phone number is not valid' });
    truce.edit('hubspot', 'Mallee Dairy', { Phone: '08 7010 1234' });
    const failed = await truce.message('Not saved everywhere: Mallee Dairy');
    const reference = referenceIn(failed);
    expect(textOf(failed)).toContain('Xero refused the phone. Its answer: “The phone number is not valid”');
    expect(textOf(failed)).toContain('Saved in HubSpot and Cin7 Core');

    const asked = await priya.command(`/sync reprocess ${reference}`);
    expect(textOf(asked)).toContain('Run Mallee Dairy again?');
    expect(textOf(asked)).toMatch(
      /Truce reads .*Xero.* afresh and compares\. If they still differ, it saves the phone\./,
    );
    expect(referenceIn(asked)).toBe(reference);
    const cancelled = await priya.pressAndRead(asked, 'Cancel');
    expect(textOf(cancelled)).toContain(`Cancelled. Nothing was done with \`${reference}\``);
    expect(truce.held('xero', 'Mallee Dairy', 'Phone')).not.toMatch(/1234/);
    expect(textOf(await priya.command(`/sync lookup ${reference}`))).not.toContain('run again');

    await priya.press(await priya.command(`/sync reprocess ${reference}`), 'Run again');
    await priya.hears('Mallee Dairy: not saved everywhere. The phone number is not valid');

    truce.setFault('xero', null);
    const third = await priya.command(`/sync reprocess ${reference}`);
    expect((await sam.command(`/sync reprocess ${reference}`)).text).toContain('Nothing that you may see');
    await priya.press(third, 'Run again');
    expect(referenceIn(await priya.hears('Mallee Dairy: settled. Every system was read back.'))).toBe(
      reference,
    );
    expect(truce.held('xero', 'Mallee Dairy', 'Phone')).toMatch(/7010 ?1234/);
    expect((await truce.message('Settled: Mallee Dairy')).ts).toBe(failed.ts);
    expect(textOf(await priya.command(`/sync lookup ${reference}`))).toContain(
      'run again, asked for by <@U0PRIYA001>',
    );
  });

  it('of what cannot be saved takes a value typed instead, and says who typed it', async () => {
    const { priya, tom } = truce;
    truce.setFault('xero', { kind: 'writes_refused', message: 'The phone number is not valid' });
    truce.edit('hubspot', 'Pelican Paints', { Phone: '(08) 7010 4990' });
    const failed = await truce.message('Not saved everywhere: Pelican Paints');
    const reference = referenceIn(failed);
    truce.setFault('xero', null);
    await tom.press(await tom.command(`/sync reprocess ${reference}`), 'Type phone…');
    const view = await tom.view('Phone of Pelican Paints');
    await tom.submit(view, { 'typed/value/text': { typed: '(08) 7010 4991' } });
    await truce.message('Settled: Pelican Paints');
    expect(truce.held('hubspot', 'Pelican Paints', 'Phone')).toMatch(/7010 ?4991/);
    expect(truce.held('xero', 'Pelican Paints', 'Phone')).toMatch(/7010 ?4991/);
    expect(truce.held('cin7-core', 'Pelican Paints', 'Contact phone')).toMatch(/7010 ?4991/);
    const story = textOf(await priya.command(`/sync lookup ${reference}`));
    expect(story).toContain('typed: <@U0TOMW0001> typed phone: (hidden)');
  });

  it('of all that failed runs each again once', async () => {
    const { tom, sam } = truce;
    truce.setFault('cin7-core', { kind: 'writes_refused', message: 'The customer is locked' });
    for (const name of ['Mallee Dairy', 'Pelican Paints'])
      truce.edit('hubspot', name, { Phone: '(08) 7010 4321' });
    for (const name of ['Mallee Dairy', 'Pelican Paints'])
      await truce.message(`Not saved everywhere: ${name}`);
    truce.setFault('cin7-core', null);
    expect((await sam.command('/sync reprocess failed customers')).text).toContain(
      'Nothing that you may see',
    );
    const asked = await tom.command('/sync reprocess failed since today');
    expect(textOf(asked)).toContain('Run 2 customers again?');
    await tom.press(asked, 'Run 2 again');
    await tom.hears('Customers: 2 customers run again: nothing is left of them.');
    for (const name of ['Mallee Dairy', 'Pelican Paints'])
      expect(truce.held('cin7-core', name, 'Contact phone')).toMatch(/7010 ?4321/);
    expect(textOf(await tom.command('/sync reprocess failed'))).toContain('there are no customers');
    expect((await tom.command('/sync reprocess all')).text).toContain('Since when?');
    expect((await tom.command('/sync reprocess all since half past')).text).toContain('I cannot read');
  });

  it('of one that waits says what it waits for, also when other runs come between', async () => {
    const { priya } = truce;
    const reference = await waitingReference('Nullarbor Roadhouse');
    const asked = await priya.command(`/sync reprocess ${reference}`);
    expect(textOf(asked)).toContain('It waits now: no ABN.');
    await priya.press(asked, 'Run again');
    await truce.run();
    expect(referenceIn(await priya.hears('Nullarbor Roadhouse: it still waits: no ABN.'))).toBe(reference);
    const story = textOf(await priya.command(`/sync lookup ${reference}`));
    expect(story).toContain('Waiting: no ABN: Nullarbor Roadhouse');
    expect(story).toContain(`Next: \`/sync reprocess ${reference}\``);
  });

  it('releases what was put right meanwhile', async () => {
    const { priya } = truce;
    const reference = await waitingReference('Tanami Drilling Pty Ltd');
    for (const system of ['xero', 'cin7-core', 'hubspot'] as const) {
      truce.vendor(system).setWebhookTarget(null);
      truce.edit(system, 'Tanami Drilling', {
        [{ xero: 'ABN', 'cin7-core': 'Tax number', hubspot: 'ABN' }[system]]: '51 824 753 556',
      });
    }
    await priya.press(await priya.command(`/sync reprocess ${reference}`), 'Run again');
    await priya.hears('Tanami Drilling Pty Ltd: it still waits: not in every system.');

    // HubSpot's search lists a change only a moment later.
    truce.clock.advance(60_000);
    await truce.run();
    expect(textOf(await priya.command('/sync status'))).toContain('ABN not valid 3,');
    const story = textOf(await priya.command(`/sync lookup ${reference}`));
    expect(story).toMatch(/^(No longer needed|Settled): Tanami Drilling Pty Ltd/);
    expect(story).toMatch(/run again, asked for by <@U0PRIYA001>[\s\S]+went on/);
  });

  /** Nobody is written to about what waits from the first load; its reference stands in the story of that run. */
  async function waitingReference(name: string): Promise<string> {
    const [row] = await truce.database.db.execute<{ id: string }>(
      `select id from changes where subject = '${name}' and state = 'held' order by id limit 1`,
    );
    if (!row) throw new Error(`${name} does not wait`);
    return row.id;
  }
});
