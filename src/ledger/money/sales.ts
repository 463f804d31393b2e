import { sql } from 'drizzle-orm';
import { dateIn } from '../../agreement/deputies.ts';
import type { FieldValue, Observed } from '../../entities/field.ts';
import { type InvoiceLines, linesOf } from '../../entities/invoice-lines.ts';
import { amountIn } from '../../entities/money/fields.ts';
import { dealFacts } from '../../entities/proof/deal-facts.ts';
import type { Sale, SaleDeal, SaleInvoice, SalePayments } from '../../entities/proof/sale.ts';
import type { DbOrTx } from '../db.ts';
import { agreed, bases, changes, links, records } from '../tables/index.ts';

/** Where the sales of a flow are kept: its deals in one connection, its invoices in another. */
export interface SalesPlaces {
  readonly flow: string;
  readonly deals: string;
  readonly invoices: string;
  /** In which days are days. */
  readonly timeZone: string;
  readonly now: Date;
}

const page = 1000;
const day = 24 * 3_600_000;

/** All sales of a flow as each system was last seen with them. Read in pages: what is held of them at once is what the proof needs. */
export async function salesOf(db: DbOrTx, places: SalesPlaces): Promise<Sale[]> {
  const sales: Sale[] = [];
  for (let after = ''; ; ) {
    const rows = await readPage(db, places, after);
    sales.push(...rows.map((row) => saleOf(row, places)));
    const last = rows.at(-1);
    if (!last || rows.length < page) return sales;
    after = last.id;
  }
}

const readPage = (db: DbOrTx, { flow, deals, invoices }: SalesPlaces, after: string) =>
  db.execute<Row>(sql`
    select r.id, r.title, r.created_at, d.fields as deal, dl.archived as deal_gone, i.fields as invoice,
      il.archived as invoice_gone, il.read_at, a.value as agreed_lines, c.hold_detail, c.hold, c.state, p.fields as paid,
      p.at as paid_at
    from ${records} r
    left join ${links} dl on dl.record_id = r.id and dl.connection = ${deals}
    left join ${bases} d on d.record_id = r.id and d.connection = ${deals}
    left join ${links} il on il.record_id = r.id and il.connection = ${invoices}
    left join ${bases} i on i.record_id = r.id and i.connection = ${invoices}
    left join ${agreed} a on a.record_id = r.id and a.field = 'lines'
    left join ${changes} c on c.record_id = r.id and c.flow = ${flow} and c.closed_at is null
    left join ${records} pr on pr.entity = 'payment' and pr.key_value = upper(i.fields -> 'number' ->> 'value')
    left join ${bases} p on p.record_id = pr.id and p.connection = ${invoices}
    where r.entity = 'invoice' and r.id > ${after} and (dl.record_id is not null or il.record_id is not null)
    order by r.id limit ${page}`);

type Fields = Readonly<Record<string, Observed>>;
interface Row extends Record<string, unknown> {
  readonly id: string;
  readonly title: string;
  readonly created_at: Date | string;
  readonly deal: Fields | null;
  readonly deal_gone: boolean | null;
  readonly invoice: Fields | null;
  readonly invoice_gone: boolean | null;
  readonly read_at: Date | string | null;
  readonly agreed_lines: FieldValue | null;
  readonly hold: string | null;
  readonly hold_detail: string | null;
  readonly state: string | null;
  readonly paid: Fields | null;
  readonly paid_at: Date | string | null;
}

function saleOf(row: Row, { timeZone, now }: SalesPlaces): Sale {
  const seenOn = dateIn(timeZone, new Date(row.created_at));
  const invoice = row.invoice && row.invoice_gone !== true ? invoiceOf(row.invoice, seenOn) : null;
  const deal =
    row.deal && dealOf(row.deal, { isGone: row.deal_gone === true, seenOn, invoicedOn: invoice?.on });
  const isNewer =
    row.paid_at !== null && row.read_at !== null && new Date(row.paid_at) > new Date(row.read_at);
  return {
    recordId: row.id,
    title: row.title,
    currency: currencyOf(row),
    deal,
    invoice,
    payments: row.paid && paymentsOf(row.paid, { isNewer, on: invoice?.on ?? seenOn }),
    agreedLines: linesOf(row.agreed_lines),
    waitsFor: waitsFor(row),
    isFresh: now.getTime() - new Date(row.created_at).getTime() < day,
  };
}

/** Sold when it was first seen, or when its invoice is dated, whichever was first: deals tell no day that nobody moves. */
const dealOf = (
  fields: Fields,
  { isGone, seenOn, invoicedOn }: { isGone: boolean; seenOn: string; invoicedOn: string | undefined },
): SaleDeal => ({
  // A deal with an invoice stays that one's deal when it is lost; what was seen before stages were told says nothing.
  isWon: !isGone && valueIn(fields[dealFacts.isWon]) !== false,
  on: invoicedOn !== undefined && invoicedOn < seenOn ? invoicedOn : seenOn,
  lines: linesIn(fields),
  amount: minorIn(fields[dealFacts.amount]),
  number: textIn(fields.number),
});

const invoiceOf = (fields: Fields, seenOn: string): SaleInvoice => ({
  number: textIn(fields.number),
  status: textIn(fields.invoice_status) ?? 'draft',
  on: textIn(fields.issued_on) ?? seenOn,
  lines: linesIn(fields),
  total: minorIn(fields.total),
  due: minorIn(fields.amount_due),
});

const paymentsOf = (fields: Fields, { isNewer, on }: { isNewer: boolean; on: string }): SalePayments => ({
  paid: minorIn(fields.amount_paid) ?? 0,
  credited: minorIn(fields.amount_credited) ?? 0,
  // No system that is connected tells what somebody kept on the way.
  fee: 0,
  on: textIn(fields.paid_on) ?? on,
  isNewer,
});

/** In words that go on after "waiting: ". */
function waitsFor({ state, hold, hold_detail: detail }: Row): string | null {
  if (state === null) return null;
  if (detail) return detail;
  if (hold === 'safety_stop') return 'the safety stop';
  if (hold === 'first_load') return 'the approval of the first load';
  if (state === 'failed') return 'it could not be saved';
  return state === 'asking' ? 'a decision' : 'it is under way';
}

const valueIn = (observed: Observed | undefined): FieldValue | null =>
  observed?.state === 'value' ? observed.value : null;
const textIn = (observed: Observed | undefined): string | null => {
  const value = valueIn(observed);
  return typeof value === 'string' ? value : null;
};
const minorIn = (observed: Observed | undefined): number | null => {
  const value = valueIn(observed);
  return value === null ? null : (amountIn(value)?.minor ?? null);
};
const linesIn = (fields: Fields): InvoiceLines | null => linesOf(valueIn(fields.lines));

function currencyOf({ invoice, deal }: Row): string {
  const total = valueIn(invoice?.total);
  const lines = (invoice && linesIn(invoice)) ?? (deal && linesIn(deal));
  return (total === null ? null : amountIn(total)?.currency) ?? lines?.currency ?? 'AUD';
}

/** Every invoice number that the ledger has seen in a connection, of sales and of whatever was paid. */
export async function numbersIn(db: DbOrTx, connection: string): Promise<string[]> {
  const rows = await db.execute<{ number: string }>(sql`
    select distinct b.fields -> 'number' ->> 'value' as number
    from ${bases} b join ${records} r on r.id = b.record_id
    where b.connection = ${connection} and r.entity in ('invoice', 'payment')
      and b.fields -> 'number' ->> 'state' = 'value'`);
  return rows.map(({ number }) => number);
}
