import type { SystemName } from '../../agreement/agreement.ts';
import type { Clock } from '../../clock.ts';
import { seedAll } from '../data/seed.ts';
import type { Store } from '../store.ts';
import { startCin7Core } from './cin7-core/server.ts';
import { startHubSpot } from './hubspot/server.ts';
import type { PracticeVendor } from './vendor.ts';
import { startXero } from './xero/server.ts';

export type PracticeVendors = Readonly<Record<SystemName, PracticeVendor>>;

export interface VendorsOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** The present, three weeks after the practice company's records were last touched. Read once, when the store is new. */
  readonly now: Date;
  /** Left out: any free ports. */
  readonly ports?: Readonly<Record<SystemName, number>>;
}

/** All three practice vendors with the practice company's data, each on a port of its own. */
export async function startVendors({ store, clock, now, ports }: VendorsOptions): Promise<PracticeVendors> {
  const seed = seedAll(now);
  const common = (system: SystemName) => ({ store, clock, port: ports?.[system] ?? 0 });
  return {
    hubspot: await startHubSpot({ ...common('hubspot'), seed: seed.hubspot }),
    xero: await startXero({ ...common('xero'), seed: seed.xero }),
    'cin7-core': await startCin7Core({ ...common('cin7-core'), seed: seed.cin7Core }),
  };
}
