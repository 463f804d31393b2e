import type { Logger } from 'pino';
import type { ActiveAgreement, Flow } from '../agreement/agreement.ts';
import { dateIn } from '../agreement/deputies.ts';
import type { Clock } from '../clock.ts';
import { basQuarterOf } from '../entities/bas.ts';
import { dateOf, dateText, daysIn } from '../entities/dates.ts';
import { freshFindings, trimmed } from '../entities/proof/findings.ts';
import { moneyProofs } from '../entities/proof/money-proof.ts';
import { numberClashes, numberGaps } from '../entities/proof/numbers.ts';
import type { Span } from '../entities/proof/sale.ts';
import type { Db } from '../ledger/db.ts';
import { keepProof, newestProof } from '../ledger/money-proofs.ts';
import { announceCards, rank } from '../ledger/outbox.ts';
import { numbersIn, salesOf } from '../ledger/sales.ts';
import type { ProofFound } from '../ledger/tables/money-proofs.ts';
import { previousSlot } from './slots.ts';

export interface ProofParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly agreement: () => ActiveAgreement;
}

/** Of each reason so many records are kept by name. */
const namedAtMost = 20;

/**
 * Holds deals against invoices and payments in each flow whose time for that has come, once among all replicas, and tells its channel
 * where something has no reason. Never throws: what fails is tried again at the next look.
 */
export async function proveMoney(parts: ProofParts): Promise<void> {
  for (const flow of Object.values(parts.agreement().flows)) {
    try {
      await proveWhenDue(parts, flow);
    } catch (error) {
      parts.log.warn(
        { flow: flow.id, err: error },
        `${flow.name}: the money could not be proved; it is tried again.`,
      );
    }
  }
}

async function proveWhenDue({ db, clock, log }: ProofParts, flow: Flow): Promise<void> {
  const { timeZone } = flow.schedule;
  const now = clock.now();
  const places = placesOf(flow);
  const slot = flow.moneyProof && places ? previousSlot(flow.moneyProof, timeZone, now) : null;
  if (!slot || !places) return;
  const before = await newestProof(db, flow.id);
  if (before && before.slot >= slot) return;
  const found = await proofNow(db, { ...places, flow: flow.id, timeZone, now });
  const fresh = freshFindings(found, before?.found ?? null);
  const told = await newestProof(db, flow.id, 'told');
  const id = await db.transaction(async (tx) => {
    const kept = await keepProof(tx, { flow: flow.id, slot, at: now, found, fresh });
    if (kept === null) return null;
    // The one that was told last says on its message what has become of it.
    const subjects = [...(fresh > 0 ? [kept] : []), ...(told ? [told.id] : [])].map((one) => `proof:${one}`);
    await announceCards(tx, { subjects, flow: flow.id, rank: rank.decision, now });
    return kept;
  });
  if (id !== null)
    log.info({ event: 'money_proof', flow: flow.id, fresh }, `${flow.name}: the money was proved`);
}

/** Deals are where an invoice's lines come from, invoices where its number does. Null where that is one system: then nothing is compared. */
function placesOf({ entity, fields }: Flow): { readonly deals: string; readonly invoices: string } | null {
  const [deals, invoices] = [fields.lines?.systemOfRecord, fields.number?.systemOfRecord];
  return entity === 'invoice' && deals && invoices && deals !== invoices ? { deals, invoices } : null;
}

async function proofNow(db: Db, places: Parameters<typeof salesOf>[1]): Promise<ProofFound> {
  const sales = await salesOf(db, places);
  const today = dateIn(places.timeZone, places.now);
  const proofs = spansUntil(today)
    .flatMap((span) => moneyProofs(sales, span))
    .filter(({ sums, causes, unexplained, span: { from } }) =>
      from === null
        ? causes.length + unexplained.length > 0
        : sums.sold !== 0 || sums.invoiced !== 0 || sums.paid !== 0 || causes.length + unexplained.length > 0,
    );
  const numbered = sales.flatMap(({ recordId, title, deal, invoice }) => {
    const number = invoice?.number ?? deal?.number;
    return number ? [{ recordId, title, number }] : [];
  });
  return {
    proofs: proofs.map((proof) => trimmed(proof, namedAtMost)),
    gaps: numberGaps(await numbersIn(db, places.invoices)),
    clashes: numberClashes(numbered),
  };
}

/** The quarter so far, and all that was before it. */
function spansUntil(today: string): Span[] {
  const quarter = basQuarterOf(today);
  return quarter
    ? [
        { from: quarter.from, to: today },
        { from: null, to: dayBefore(quarter.from) },
      ]
    : [{ from: null, to: today }];
}

/** Of the first day of a month. */
function dayBefore(first: string): string {
  const { year, month } = dateOf(first) ?? { year: 1900, month: 1 };
  const last = month === 1 ? { year: year - 1, month: 12 } : { year, month: month - 1 };
  return dateText({ ...last, day: daysIn(last.year, last.month) });
}
