import { expect, test } from 'vitest';
import { systems } from '#src/connectors/registry.ts';
import { call } from '../connectors/kit.ts';
import { breaking } from './breaking.ts';
import { budgetAndSignIn } from './budget-and-sign-in.ts';
import { creating } from './creating.ts';
import { listing } from './listing.ts';
import { marking } from './marking.ts';
import { reading } from './reading.ts';
import { entityOf, listed } from './stage.ts';
import type { Subject } from './subject.ts';
import { writing } from './writing.ts';

/** What the engine relies on, shown for one connector against a system that really answers. A new connector passes this or is not done. */
export function connectorSuite(subject: Subject): void {
  const { label } = systems[subject.system];
  const { fields, noun } = entityOf(subject);
  const title = `${label}, ${noun.many}`;

  test(`${title}: is what the registry and the subject call it, and owns to what it cannot do`, async () => {
    const { connector } = await subject.open();
    expect([connector.system, connector.label]).toEqual([subject.system, label]);
    expect(connector.canUpdate).toBe(subject.cannot.update === undefined);
    expect(connector.canCreate).toBe(subject.cannot.create === undefined);
    expect(connector.lagMs).toBeGreaterThanOrEqual(0);
    expect(connector.overlapMs).toBeGreaterThan(0);
    const ours = fields.map(({ name }) => name).filter((name) => name !== 'status');
    const told = [...Object.keys(subject.fields), ...(subject.readOnly ?? [])];
    expect(told.sort()).toEqual(ours.filter(connector.supports).sort());
  });

  test(`${title}: its account is told, and nobody has anything to see to`, async () => {
    const { connector } = await subject.open();
    const report = await connector.account(call);
    expect(report).toMatchObject({ account: subject.account, missingScopes: [], problems: [], steps: [] });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  test(`${title}: a call that is called off ends`, async () => {
    const { connector, clock } = await subject.open();
    const signal = AbortSignal.abort(new Error('the run has lost its lease'));
    await expect(connector.read([subject.ids[0]], { ...call, signal })).rejects.toThrow();
    expect((await listed(connector, null, clock.now())).flat()).toHaveLength(3);
  });

  for (const part of [listing, reading, writing, creating, marking, budgetAndSignIn, breaking])
    part(title, subject);
}
