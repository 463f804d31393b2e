import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buttonsOf } from '#test/support/person.ts';
import { referenceIn, referencesIn, textOf } from '#test/support/reading.ts';
import { openTruce } from '#test/support/truce.ts';

describe('what people type', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;

  beforeAll(async () => {
    truce = await openTruce('PGlite');
  }, 120_000);
  afterAll(() => truce?.stop());

  const answer = async (who: 'priya' | 'tom' | 'sam' | 'greta', text: string) =>
    textOf(await truce[who].command(text));

  it('tells an owner how every sync stands, with numbers, and a bystander the states only', async () => {
    const owner = await answer('tom', '/sync status');
    expect(owner).toContain('Customers: fine');
    expect(owner).toMatch(/10 customers wait: ABN not valid 6, no ABN 3, the same ABN twice 1\./);
    expect(owner).toContain('Next: `/sync status customers`');

    const bystander = await answer('sam', '/sync status');
    expect(bystander).toContain('Customers: fine');
    expect(bystander).toContain('shown to the owners: <@U0PRIYA001>, <@U0TOMW0001>');
    expect(bystander).not.toMatch(/customers wait|ABN|change/);
  });

  it('tells of one sync by its id or name in any case, and guesses what a near miss meant', async () => {
    for (const typed of ['customers', 'Customers', '“CUSTOMERS”.']) {
      expect(await answer('priya', `/sync status ${typed}`)).toContain(
        'HubSpot, Xero and Cin7 Core, every hour, agreement 1',
      );
    }
    expect(await answer('sam', '/sync status customers')).not.toMatch(/Waiting|Last run|Today/);
    const missed = await answer('priya', '/sync status custmers');
    expect(missed).toContain('There is no sync “custmers”. Did you mean *customers*?');
    expect(missed).toContain('Next: `/sync status customers`');
    expect(await answer('priya', '/sync status invoices')).toMatch(
      /There is no sync “invoices”\.\nAll: customers\./,
    );
  });

  it('lists for an owner what waits, each with the reason and a reference that can be looked up', async () => {
    const status = await truce.priya.command('/sync status customers');
    expect(textOf(status)).toContain('The newest 5 of 10:');
    const references = referencesIn(status);
    expect(references).toHaveLength(5);
    const [reference = ''] = references;
    expect(await answer('priya', `/sync lookup ${reference}`)).toMatch(/^Waiting: /);
    expect(await answer('sam', '/sync status customers')).not.toContain(reference);
  });

  it('says what can be typed: asked for, without a word, and after a wrong one', async () => {
    for (const typed of ['/sync help', '/sync', '/sync HELP']) {
      const help = await answer('sam', typed);
      for (const command of ['status', 'lookup', 'reprocess', 'run', 'help'])
        expect(help).toContain(`\`/sync ${command}`);
    }
    expect(await answer('priya', '/sync statsu')).toContain(
      'I do not know “statsu”. Did you mean `/sync status`?',
    );
    expect(await answer('priya', '/sync frobnicate')).toMatch(
      /I do not know “frobnicate”\.\nI know: status, lookup/,
    );
  });

  it('says what is missing where a command needs to know more', async () => {
    expect(await answer('priya', '/sync run')).toMatch(
      /Tell me which sync\.\nAll: customers\.\nNext: `\/sync run customers`/,
    );
    const nothing = await answer('priya', '/sync reprocess');
    expect(nothing).toMatch(/Tell me which change: a reference is `tr-` and ten letters or digits/);
    expect(nothing).toContain('/sync reprocess tr-');
    for (const typed of ['the one from monday', 'tr-7F3K92QDX'])
      expect(await answer('priya', `/sync reprocess ${typed}`)).toContain(`“${typed}” is not a reference.`);
    expect(await answer('priya', '/sync lookup')).toContain('Tell me what to look for: a reference, a name');
  });

  it('tells states, and nothing else, to everybody in a thread in which it is mentioned', async () => {
    await truce.priya.says('@truce status customers');
    const told = await truce.message('Customers: fine');
    expect(textOf(told)).not.toMatch(/customers wait|ABN/);
    await truce.priya.says('@truce lookup bellbird timber', told.threadTs);
    expect((await truce.message('Here everybody reads along')).threadTs).toBe(told.threadTs);
  });

  it('lists the decisions that wait, for those who may see them, and what was agreed, for everybody', async () => {
    expect(await answer('priya', '/sync conflicts')).toContain('No decision waits.');
    expect(await answer('priya', '/sync conflicts custmers')).toContain('Did you mean *customers*?');
    const rules = await answer('sam', '/sync rules');
    expect(rules).toContain('Customers: what was agreed, version 1');
    expect(rules).toContain('Email: where systems changed it apart, a person decides');
    expect(rules).toMatch(/Decides:\S* <@U0PRIYA001>/);
  });

  it('sends the full log to the asker alone, as a file', async () => {
    const found = await truce.tom.command('/sync status customers');
    const [reference = ''] = referencesIn(found);
    const story = await truce.tom.command(`/sync lookup ${reference}`);
    const sent = await truce.tom.pressAndRead(story, 'Full log to me');
    expect(textOf(sent)).toContain(`The full log of ${reference} is in your direct messages`);
    const [file] = truce.tom.messages('D0TOMW0001').flatMap((message) => message.files ?? []);
    expect(file?.name).toBe(`${reference}.json`);
    const log = JSON.parse(file?.content ?? '') as { reference: string; story: unknown[]; calls: unknown[] };
    expect(log).toMatchObject({ reference, kind: 'change' });
    expect(log.story.length).toBeGreaterThan(0);
    // Nobody else sees it, nor does the channel.
    expect(truce.channelMessages().flatMap((message) => message.files ?? [])).toEqual([]);
  });

  it('finds a record by whatever one knows of it, for those who may see it', async () => {
    const found = await answer('priya', '/sync lookup “bellbird timber”');
    expect(found).toMatch(/Bellbird Timber/i);
    expect(found).toMatch(/In HubSpot, Xero and Cin7 Core\./);
    const several = await truce.priya.command('/sync lookup bird');
    expect(textOf(several)).toMatch(/records match “bird”/);
    const one = await truce.priya.pressAndRead(several, 'Open 1');
    expect(textOf(one)).toContain('(customer)');
    expect(await answer('priya', '/sync lookup nobody of that name')).toContain('Nothing that you may see');
    expect(await answer('sam', '/sync lookup bellbird timber')).toContain('Nothing that you may see');
  });

  it('runs a sync now: says that it started, then how it ended', async () => {
    expect(await answer('priya', '/sync run customers')).toContain(
      '*Customers:* a run starts now. I tell you here when it has ended.',
    );
    const end = await truce.priya.hears(/the run is done: .*customers read/);
    expect(textOf(end)).toContain(`Next: \`/sync lookup ${referenceIn(end)}\``);
    const run = await answer('priya', `/sync lookup ${referenceIn(end)}`);
    expect(run).toContain('Done: a run of Customers');
    expect(run).toContain('asked for by <@U0PRIYA001>');
    expect(await answer('sam', '/sync run customers')).toContain(
      'Only <@U0PRIYA001> or <@U0TOMW0001> can do this.',
    );
  });

  it('answers members of the workspace only', async () => {
    for (const typed of ['/sync status', '/sync help', '/sync run customers']) {
      expect(await answer('greta', typed)).toContain('open to members of this workspace only');
    }
  });

  it('is refused by Slack itself in a thread, where a button does the same', async () => {
    expect(await truce.priya.slackbotOn('/sync status', '1.000100')).toBe(
      '/sync is not supported in threads. Sorry!',
    );
    const status = await truce.priya.command('/sync status');
    expect(textOf(await truce.priya.pressAndRead(status, 'See Customers'))).toContain('*Last run:*');
  });

  describe('with the reference of a change', () => {
    let reference: string;
    const email = 'somebody.private@corella.example';

    beforeAll(async () => {
      truce.edit('hubspot', 'Corella Irrigation', {
        'Street address': '27 Foundry Lane',
        'Billing email': email,
      });
      truce.edit('xero', 'Corella Irrigation', { 'Billing address': '4 Wharf Road' });
      const asked = await truce.message('Which is right? Corella Irrigation');
      await truce.priya.press(asked, 'Use Xero');
      reference = referenceIn(await truce.message('Settled: Corella Irrigation'));
    });

    it('tells its story from the first read to the last write, and who decided', async () => {
      const story = await answer('tom', `/sync lookup ${reference}`);
      expect(story).toContain('Settled: Corella Irrigation');
      const steps = [
        /read in (HubSpot|Xero)/,
        /compared with the last agreed values/,
        /asked: billing address\. The agreement says that a person decides/,
        /decided: <@U0PRIYA001> chose Xero’s billing address: 4 Wharf Road/,
        /sent to HubSpot\. Billing address/,
        /saved in HubSpot\. Billing address/,
        /read back from Cin7 Core\. Billing address/,
        /settled\. Every system was read back/,
      ];
      const places = steps.map((step) => story.search(step));
      expect(
        places.every((place) => place >= 0),
        story,
      ).toBe(true);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      // In the order in which each was called first: two are read side by side.
      const calls = /\d+ calls: (.*)\. None failed\./.exec(story)?.[1] ?? '';
      expect(calls.replaceAll(/ \d+/g, '').split(', ').toSorted()).toEqual(['Cin7 Core', 'HubSpot', 'Xero']);
      expect(story).not.toContain(email);
    });

    it('takes the reference however it was pasted', async () => {
      const bare = reference.slice(3);
      const pasted = [
        `\`${reference}\``,
        reference.toLowerCase(),
        bare,
        ` ${bare.toLowerCase()}. `,
        `“${reference}”`,
        reference.replace('-', '–'),
      ];
      for (const typed of pasted)
        expect(await answer('priya', `/sync lookup ${typed}`), typed).toContain(
          'Settled: Corella Irrigation',
        );
    });

    it('shows every call with status and duration, three at a time, and nothing secret or personal', async () => {
      let page = await truce.priya.pressAndRead(
        await truce.priya.command(`/sync lookup ${reference}`),
        'Show the calls',
      );
      const total = Number(/1 to 3 of (\d+)/.exec(textOf(page))?.[1]);
      const calls: string[] = [];
      for (;;) {
        calls.push(...(textOf(page).match(/^\d+\. .*\n.*$/gm) ?? []));
        const next = buttonsOf(page).find((button) => button.label.startsWith('Next'));
        if (!next) break;
        page = await truce.priya.pressAndRead(page, next.label);
      }
      expect(calls).toHaveLength(total);
      for (const call of calls)
        expect(call).toMatch(
          /^\d+\. (HubSpot|Xero|Cin7 Core), .+: 2\d\d, (\d+ ms|\d+(\.\d\d)? s)\n(GET|POST|PUT|PATCH) http/,
        );
      const secrets = Object.values(truce.practice.env);
      for (const word of [...secrets, email, 'Bearer']) expect(calls.join('\n')).not.toContain(word);
      const back = await truce.priya.pressAndRead(page, 'Back');
      expect(textOf(back)).toContain('Settled: Corella Irrigation');
    });

    it('looks the same to a bystander as a reference that nobody ever had', async () => {
      for (const command of ['lookup', 'reprocess']) {
        const notMine = await answer('sam', `/sync ${command} ${reference}`);
        expect(notMine).toBe(await answer('sam', `/sync ${command} tr-0000000000`));
        expect(notMine).toContain('Nothing that you may see has this reference.');
        expect(await answer('priya', `/sync ${command} tr-0000000000`)).toBe(notMine);
      }
    });

    it('has nothing to run again once it is settled', async () => {
      expect(await answer('priya', `/sync reprocess ${reference}`)).toContain(
        'There is nothing to run again: it is settled.',
      );
    });
  });
});
