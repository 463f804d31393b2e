import type { Agreement, Flow, SystemName } from '../../agreement/agreement.ts';
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

interface Places {
  readonly deals: string;
  readonly invoices: string;
}

/**
 * Deals are where an invoice's lines come from, invoices where its number does; where the flow brings no lines, since another program
 * makes the invoices, the systems that keep the two. Null where they are not in two: then nothing is compared.
 */
function placesOf(flow: Flow, connections: Agreement['connections']): Places | null {
  if (flow.entity !== 'invoice') return null;
  const [deals, invoices] = [flow.fields.lines?.systemOfRecord, flow.fields.number?.systemOfRecord];
  if (deals && invoices && deals !== invoices) return { deals, invoices };
  const kept = (system: SystemName) => flow.connections.filter((id) => connections[id]?.system === system);
  const [inHubSpot, inXero] = [kept('hubspot'), kept('xero')];
  const [deal, invoice] = [inHubSpot[0], inXero[0]];
  return deal && invoice && inHubSpot.length + inXero.length === 2
    ? { deals: deal, invoices: invoice }
    : null;
}

/**
 * Holds the deals of a flow against its invoices and what was paid of them, as each system was last seen with them; null where it has
 * not both.
 */
export async function proofNow(
  db: DbOrTx,
  { flow, connections }: { readonly flow: Flow; readonly connections: Agreement['connections'] },
  now: Date,
): Promise<ProofFound | null> {
  const places = placesOf(flow, connections);
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
