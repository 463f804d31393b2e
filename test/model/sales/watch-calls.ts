import type { PracticeSystem } from '#src/playground/vendors/vendor.ts';
import { systems } from '../vocabulary.ts';
import type { SalesWorld } from './world.ts';

/** Calls that Truce never makes, whatever happens. */
const forbidden: Readonly<Record<PracticeSystem, RegExp>> = {
  hubspot:
    /line_items\/batch\/(create|update|upsert|archive)|deals\/batch\/(create|upsert|archive)|(deals|line_items)\/\d+|associations\/.*\/batch\/(create|archive)/,
  xero: /\/(Payments|CreditNotes|Overpayments|BatchPayments|Organisation)\b/i,
  'cin7-core': /availability|stock|sale/i,
};

const seen = new WeakMap<SalesWorld, WeakSet<object>>();

/** What was asked of the vendors since this was last looked at: nothing of it is what only people do. */
export function examineCalls(world: SalesWorld): void {
  const known = seen.get(world) ?? new WeakSet();
  seen.set(world, known);
  for (const system of systems)
    for (const call of world.house.vendors[system].log) {
      if (known.has(call)) continue;
      known.add(call);
      const isRead = call.method === 'GET' || /\/(search|batch\/read)$/.test(call.path);
      if (!isRead && forbidden[system].test(call.path))
        world.wrong('Truce did what only people do', `${system} ${call.method} ${call.path}`);
    }
}
