import type { Clock } from '../../clock.ts';
import { lockedPeriod } from '../../entities/bas.ts';
import type { CallContext } from '../connector.ts';
import type { XeroClient } from './client.ts';
import { dayOf, type XeroOrganisation } from './schema.ts';

/** What of an organisation decides whether something may be written to its invoices, and with which date. */
export interface BookRules {
  /** The last day that is closed, `2026-06-30`; null = none. */
  readonly lockedTo: string | null;
  /** Where its days begin and end; null where Xero names a zone that we do not know. */
  readonly timeZone: string | null;
}

/** Good for a few minutes; where the books were closed meanwhile, Xero itself refuses. */
const keptMs = 5 * 60_000;

export type ReadBookRules = (call: CallContext) => Promise<BookRules>;

/** Asks the organisation, once for a while. */
export function keepBookRules(client: Pick<XeroClient, 'organisation'>, clock: Clock): ReadBookRules {
  let kept: { readonly rules: BookRules; readonly at: number } | null = null;
  return async (call) => {
    const now = clock.now().getTime();
    if (kept && now - kept.at < keptMs && now >= kept.at) return kept.rules;
    const { data } = await client.organisation(call);
    kept = { rules: bookRules(data.Organisations[0]), at: now };
    return kept.rules;
  };
}

/** Xero has two lock dates; the later one counts, since Truce is no adviser. Pure. */
export function bookRules(organisation: XeroOrganisation | undefined): BookRules {
  const { PeriodLockDate, EndOfYearLockDate, Timezone } = organisation ?? {};
  const dates = [dayOf(PeriodLockDate), dayOf(EndOfYearLockDate)].filter((day) => day !== null).sort();
  return {
    lockedTo: dates.at(-1) ?? null,
    timeZone: (Timezone && zones[Timezone.toUpperCase()]) || null,
  };
}

/** "the period to 30 Jun 2026 is locked"; null where a day is open. */
export const lockWords = (day: string | null, { lockedTo }: BookRules): string | null =>
  day === null ? null : lockedPeriod(day, [lockedTo]);

/** What day it is where the organisation is. */
export const todayIn = (now: Date, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone).toPlainDate().toString();

export const daysAfter = (day: string, days: number): string =>
  Temporal.PlainDate.from(day).add({ days }).toString();

/** Xero's names of zones (OpenAPI description 16.1.0), those of Australia and its neighbours. */
const zones: Readonly<Record<string, string>> = {
  AUSEASTERNSTANDARDTIME: 'Australia/Sydney',
  EAUSTRALIASTANDARDTIME: 'Australia/Brisbane',
  CENAUSTRALIASTANDARDTIME: 'Australia/Adelaide',
  AUSCENTRALSTANDARDTIME: 'Australia/Darwin',
  TASMANIASTANDARDTIME: 'Australia/Hobart',
  WAUSTRALIASTANDARDTIME: 'Australia/Perth',
  NEWZEALANDSTANDARDTIME: 'Pacific/Auckland',
  UTC: 'UTC',
};
