import { eq, isNull, like } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { changes, conflicts, exchangeChanges, outbox } from '#src/ledger/tables/index.ts';
import { ordinaryCustomers } from '#src/playground/data/customers.ts';
import { describeOn } from '#test/support/database.ts';
import { openEngine } from '#test/support/engine.ts';

const hour = 3_600_000;

describeOn('PGlite', 'the first load', (open) => {
  it('asks for approval even if it died before it could', async () => {
    const engine = await openEngine(await open(), {
      loaded: false,
      plant: (world) => ({
        ...world,
        xero: world.xero.map((contact) => ({ ...contact, texts: { ...contact.texts, EmailAddress: '' } })),
      }),
    });
    const { db } = engine.database;
    engine.at = (point) => {
      if (point === 'decided') throw new Error('killed');
    };
    await engine.run();
    engine.at = () => undefined;
    expect(await db.select().from(changes).where(eq(changes.hold, 'first_load'))).toHaveLength(3);
    await engine.run();
    expect(await db.select().from(outbox).where(like(outbox.subject, 'first_load:%'))).toHaveLength(1);
  });

  it('does not empty everybody because the owner never had a value and nobody chose in time', async () => {
    const engine = await openEngine(await open(), {
      loaded: false,
      plant: (world) => ({
        ...world,
        xero: world.xero.map((contact) => ({ ...contact, texts: { ...contact.texts, EmailAddress: '' } })),
      }),
      agreement: (agreement) => {
        const { customers } = agreement.flows;
        if (!customers?.fields.email) throw new Error('no e-mail');
        const email = {
          ...customers.fields.email,
          decideWithinHours: 1,
          ifNobodyChooses: 'owner_wins' as const,
        };
        return {
          ...agreement,
          flows: { customers: { ...customers, fields: { ...customers.fields, email } } },
        };
      },
    });
    const { db } = engine.database;
    const was = engine.held('hubspot', 0, 'billing_email');
    await engine.approve();
    await engine.run();
    expect(await db.select().from(conflicts).where(isNull(conflicts.closedAt))).toHaveLength(3);
    engine.clock.advance(2 * hour);
    await engine.run();
    expect(engine.held('hubspot', 0, 'billing_email')).toBe(was);
    expect(await db.select().from(conflicts).where(isNull(conflicts.closedAt))).toEqual([]);
    // Nor does it ask the same again with the next thing that changes in the record.
    engine.edit('hubspot', 0, { phone: '02 5550 1111' });
    await engine.run();
    expect(await db.select().from(conflicts).where(isNull(conflicts.closedAt))).toEqual([]);
  });

  it('writes many records in few calls, and links each call to what it served', async () => {
    const customers = ordinaryCustomers(230);
    const engine = await openEngine(await open(), {
      customers,
      loaded: false,
      plant: (world) => ({
        ...world,
        hubspot: world.hubspot.map((company) => ({
          ...company,
          properties: { ...company.properties, phone: '', legal_name: '' },
        })),
      }),
    });
    const { db } = engine.database;
    await engine.approve();
    await engine.run();
    await engine.run();
    expect(engine.held('hubspot', 229, 'legal_name')).toBe(engine.held('xero', 229, 'Name'));
    const links = await db.$count(exchangeChanges);
    const made = await db.$count(changes);
    expect(links / made).toBeLessThan(12);
  }, 120_000);
});
