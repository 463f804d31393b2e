import { expect, test } from 'vitest';
import { eventually, hookTarget } from '../../playground/vendors/kit.ts';
import { call, practiceAccount, sam } from './practice-account.ts';

const billing = { kind: 'label', label: 'Billing contact' } as const;

test('what HubSpot sends is believed, and leads to the companies that changed', async () => {
  const world = await practiceAccount({ billing });
  const { vendor, connector, contact, crm, clock } = world;
  const { url, hooks } = await hookTarget('/webhooks/hubspot', () => 200);
  vendor.setWebhookTarget(url);
  /** The hints of everything sent since the last time, as companies. */
  const told = async (happen: () => void) => {
    const before = hooks.length;
    happen();
    await eventually(() => hooks.length > before);
    const hinted = hooks.slice(before).flatMap(({ headers, body }) => {
      const texts = Object.entries(headers).map(([name, value]) => [name, String(value)]);
      const request = {
        method: 'POST',
        url,
        headers: Object.fromEntries(texts),
        body,
        receivedAt: clock.now(),
      };
      const verdict = connector.webhook(request);
      if (verdict.kind !== 'hints') throw new Error(verdict.reason);
      return verdict.hints.map(({ externalId }) => externalId);
    });
    return { hinted, companies: await connector.resolve?.(hinted, call) };
  };
  let id = '';
  const associated = await told(() => {
    id = contact({ email: 'pay@acme.example' }, ['901'], 'Billing contact');
  });
  expect(associated.companies).toEqual(['901']);
  const edited = await told(() => crm.contacts.update(id, { mobilephone: '0491 570 156' }, sam));
  expect(edited).toEqual({ hinted: [`contact:${id}`], companies: ['901'] });
  const merged = await told(() => crm.companies.merge('902', '901', sam));
  expect([...(merged.companies ?? [])].sort()).toEqual(['901', '902']);
  const binned = await told(() => crm.companies.archive('902', sam));
  expect(binned.companies).toEqual(['902']);
  const back = await told(() => crm.companies.restore('902', sam));
  expect(back.companies).toEqual(['902']);
});
