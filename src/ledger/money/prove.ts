import type { Flow } from '../../agreement/agreement.ts';
import { dateIn } from '../../agreement/deputies.ts';
import { basQuarterOf } from '../../entities/bas.ts';
import { dateOf, dateText, daysIn } from '../../entities/dates.ts';
import { trimmed } from '../../entities/proof/findings.ts';
import { moneyProofs } from '../../entities/proof/money-proof.ts';
import { numberClashes, numberGaps } from '../../entities/proof/numbers.ts';
import type { Span } from '../../entities/proof/sale.ts';
import type { DbOrTx } from '../db.ts';
import type { ProofFound } from '../tables/money-proofs.ts';
import { numbersIn, salesOf } from './sales.ts';

/** Of each reason so many records are kept by name. */
const namedAtMost = 20;

/** Deals are where an invoice's lines come from, invoices where its number does. Null where that is one system: then nothing is compared. */
function placesOf({ entity, fields }: Flow): { readonly deals: string; readonly invoices: string } | null {
  const [deals, invoices] = [fields.lines?.systemOfRecord, fields.number?.systemOfRecord];
  return entity === 'invoice' && deals && invoices && deals !== invoices ? { deals, invoices } : null;
}

/**
 * Holds the deals of a flow against its invoices and what was paid of them, as each system was last seen with them; null where it has
 * not both.
 */
export async function proofNow(db: DbOrTx, flow: Flow, now: Date): Promise<ProofFound | null> {
  const places = placesOf(flow);
  if (!places) return null;
  const { timeZone } = flow.schedule;
  const sales = await salesOf(db, { ...places, flow: flow.id, timeZone, now });
  const today = dateIn(timeZone, now);
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
