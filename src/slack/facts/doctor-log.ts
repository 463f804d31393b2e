import { lastChecked } from '../../ledger/chain/checks.ts';
import { causeOf } from '../../ledger/chain/faults.ts';
import { linkNumbered, newestLink } from '../../ledger/chain/links.ts';
import type { Desk } from '../desk.ts';
import type { Check, Need } from '../messages/status/doctor-facts.ts';
import { faultRemedy, faultWords, wholeWords } from '../messages/status/log-words.ts';
import { momentIn } from '../messages/times.ts';

const day = 24 * 3_600_000;
/** All of the log is looked at once a night: longer ago than this, in ms, something is in its way. */
const staleMs = 3 * day;

/** Whether the log is what it was when it was chained. */
export async function lookAtLog({
  db,
  clock,
  agreement,
}: Pick<Desk, 'db' | 'clock' | 'agreement'>): Promise<Check> {
  const { timeZone: zone } = agreement();
  const { whole, faults } = await lastChecked(db);
  const newest = await newestLink(db);
  const first = newest?.signedFrom ? await linkNumbered(db, newest.signedFrom) : null;
  const checkedAt = whole && new Date(whole.at);
  const needs = faults.map(
    (fault): Need => ({
      cause: causeOf(fault),
      what: faultWords(fault, zone),
      remedy: faultRemedy(fault),
      owners: [],
    }),
  );
  const stale: Need[] =
    checkedAt && clock.now().getTime() - checkedAt.getTime() > staleMs
      ? [
          {
            cause: 'log:unchecked',
            what: `Nobody has looked whether the log is whole since ${momentIn(zone, checkedAt)}`,
            remedy: 'Start Truce again, and look at what it writes about the log',
            owners: [],
          },
        ]
      : [];
  const fine = wholeWords({
    zone,
    checked: whole && checkedAt && { lines: whole.lines, at: checkedAt },
    newest: newest && { ...newest, signedSince: first?.at ?? null },
  });
  return { name: 'Log', fine, needs: [...needs, ...stale] };
}
