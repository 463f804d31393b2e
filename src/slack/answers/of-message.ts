import { referencesIn } from '../../ledger/correlation-id.ts';
import { rowAt } from '../../ledger/posts/outbox-sending.ts';
import { incidentById } from '../../ledger/records/lookup.ts';
import type { Desk } from '../desk.ts';

/** A message as Slack names it, with all that it says. */
interface Place {
  readonly channel: string;
  readonly ts: string;
  readonly said: string;
}

/** The reference that one of our messages is about; of others, the first that they name. Null where there is none. */
export async function referenceOf(desk: Desk, { channel, ts, said }: Place): Promise<string | null> {
  const row = await rowAt(desk.db, { channel, ts });
  const [kind = '', id = ''] = row?.subject.split(':') ?? [];
  if (kind === 'incident') return (await incidentById(desk.db, Number(id)))?.correlationId ?? null;
  const [own] = referencesIn(id);
  return own ?? referencesIn(said)[0] ?? null;
}
