import type { Logger } from 'pino';
import type { ActiveAgreement } from '../agreement/agreement.ts';
import type { Clock } from '../clock.ts';
import type { Writing } from '../ledger/chain/add-links.ts';
import {
  beginAfter,
  checkEarlierEnd,
  checkEnd,
  checkNext,
  type Progress,
  toldMs,
} from '../ledger/chain/check.ts';
import {
  type Checked,
  type CheckKind,
  checkState,
  keepCheckState,
  lastChecked,
} from '../ledger/chain/checks.ts';
import { causeOf, isJudged, withEarlier } from '../ledger/chain/faults.ts';
import { lastBefore, newestLink } from '../ledger/chain/links.ts';
import type { Db } from '../ledger/db.ts';
import type { Fault } from '../ledger/tables/log-links.ts';
import { previousSlot } from '../slots.ts';

export interface LogParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly agreement: () => Pick<ActiveAgreement, 'timeZone'>;
  /** As in the config: the first signs. */
  readonly keys: readonly Uint8Array[];
  /** Called when a check has found something anew, so that the technical owners hear of it. */
  readonly onFault?: () => Promise<void>;
}

/** When all of the log is looked at; the hour at which least is going on. */
const nightly = '5 3 * * *';
const hour = 3_600_000;
/** The newest part, with what may have been missed while Truce was started anew. */
const recentMs = 3 * hour;

/** Looks at all of the log where the night's check is due, or goes on with one that was begun, be it by another process. */
export async function checkWhole(parts: LogParts, writing: Writing): Promise<void> {
  const slot = previousSlot(nightly, parts.agreement().timeZone, writing.now);
  if (slot) await checkOnce(parts, writing, { kind: 'whole', slot, from: async () => 0 });
}

/** Looks once an hour at what was chained lately. */
export async function checkRecent(parts: LogParts, writing: Writing): Promise<void> {
  const { db, now } = writing;
  const slot = new Date(Math.floor(now.getTime() / hour) * hour);
  const from = () => lastBefore(db, new Date(now.getTime() - recentMs));
  await checkOnce(parts, writing, { kind: 'recent', slot, from });
}

interface Due {
  readonly kind: CheckKind;
  readonly slot: Date;
  /** The link after which it begins. */
  readonly from: () => Promise<number>;
}

async function checkOnce(parts: LogParts, writing: Writing, due: Due): Promise<void> {
  const { db, signer, held, isOver } = writing;
  const { kind } = due;
  const { last, under } = await checkState(db, kind);
  if (!under && ((last && new Date(last.slot) >= due.slot) || !(await newestLink(db)))) return;
  const slot = under?.slot ?? due.slot.toISOString();
  const began = under ? (under.began ?? slot) : parts.clock.now().toISOString();
  let progress = under?.progress ?? (await beginAfter(db, await due.from()));
  while (!isOver()) {
    const next = await checkNext(db, { signer, now: parts.clock.now() }, progress);
    if (!next) return end(parts, writing, { kind, slot, began, progress, last });
    progress = next;
    const value = { last, under: { slot, began, progress } };
    await held((tx) => keepCheckState(tx, kind, { value, now: parts.clock.now() }));
  }
}

interface Ended {
  readonly kind: CheckKind;
  readonly slot: string;
  readonly began: string;
  readonly progress: Progress;
  readonly last: Checked | null;
}

async function end({ clock, log, onFault }: LogParts, writing: Writing, ended: Ended): Promise<void> {
  const { kind, slot, began, progress, last } = ended;
  const { lines } = progress;
  const { db, signer } = writing;
  const newest = await newestLink(db);
  const told = [...(last?.faults ?? []), ...(await lastChecked(db)).faults];
  const known = new Set(told.map(causeOf));
  const at = clock.now();
  const found = [...progress.faults, ...(await checkEnd(db, signer)), ...(await cutsSince(db, ended))];
  const faults = withEarlier(found, await earlierFaults(db, ended, at), at.toISOString());
  const seen = newest && { n: newest.n, hash: newest.hash };
  const value = { last: { slot, began, at: at.toISOString(), lines, faults, end: seen }, under: null };
  await writing.held((tx) => keepCheckState(tx, kind, { value, now: at }));
  const fresh = faults.filter((fault) => !known.has(causeOf(fault)));
  if (kind === 'whole' && faults.length === 0)
    log.info({ event: 'log_checked', lines }, `The log is whole: ${lines} lines`);
  for (const fault of fresh) log.error({ event: 'log_broken', ...fault }, 'The log is not as it was chained');
  if (fresh.length > 0) await onFault?.();
}

/** Whether the chain was cut off since the last check of this kind. What an hourly one has found of that since then is told in its words. */
async function cutsSince(db: Db, { kind, last }: Ended): Promise<readonly Fault[]> {
  const cuts = last?.end ? await checkEarlierEnd(db, { ...last.end, at: last.at }) : [];
  if (kind === 'recent' || cuts.length === 0 || !last) return cuts;
  const hourly = (await checkState(db, 'recent')).last?.faults ?? [];
  const same = hourly.filter((one) => one.kind === 'cut' && (one.found ?? '') > last.at);
  return same.length > 0 ? same : cuts;
}

/**
 * What checks before this one found and this one could not have found: of an hourly one all that no whole check has judged since; a cut,
 * which only the first check after it sees, for a month.
 */
async function earlierFaults(db: Db, { kind, last }: Ended, now: Date): Promise<Fault[]> {
  const whole = kind === 'recent' ? (await checkState(db, 'whole')).last : null;
  return (last?.faults ?? [])
    .map((fault) => ({ ...fault, found: fault.found ?? last?.at ?? '' }))
    .filter((fault) =>
      fault.kind === 'cut'
        ? now.getTime() - Date.parse(fault.found) < toldMs
        : kind === 'recent' && !isJudged(fault, whole),
    );
}
