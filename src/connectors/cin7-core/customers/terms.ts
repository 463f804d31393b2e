import type { Clock } from '../../../clock.ts';
import type { FieldValue } from '../../../entities/field.ts';
import type { CallContext } from '../../connector.ts';
import { asTerms, observedTerms, type PaymentTerms } from '../../observed.ts';
import type { Cin7CoreClient } from '../client.ts';
import type { Named } from '../schema.ts';

interface WithFields {
  readonly fields: Readonly<Record<string, FieldValue | null>>;
}

/** The account's list of payment terms. */
export interface TermsBook {
  /** The items with their payment terms under the name that the list has for them: "Net 30" where it has no "30 days". Throws VendorError. */
  named<I extends WithFields>(items: readonly I[], call: CallContext): Promise<readonly I[]>;
}

/** Sixty calls a minute are few; and a name that somebody adds or switches off is seen soon enough. */
const keptMs = 10 * 60_000;

/** Asks for the list only where there are terms to write, and again where it lacks what is wanted. */
export function termsBook(client: Pick<Cin7CoreClient, 'paymentTerms'>, clock: Clock): TermsBook {
  let kept: { readonly listed: readonly Named[]; readonly until: number } | null = null;
  const ask = async (call: CallContext) => {
    const { data } = await client.paymentTerms(call);
    kept = { listed: data.PaymentTermList, until: clock.now().getTime() + keptMs };
    return kept;
  };
  return {
    async named(items, call) {
      const wanted = items.flatMap(({ fields }) => asTerms(fields.payment_terms ?? null) ?? []);
      if (wanted.length === 0) return items;
      const known = kept !== null && clock.now().getTime() < kept.until ? kept.listed : [];
      const isComplete = wanted.every((terms) => nameOf(terms, known) !== null);
      const listed = isComplete ? known : (await ask(call)).listed;
      return items.map((item) => {
        const terms = asTerms(item.fields.payment_terms ?? null);
        if (!terms) return item;
        // A name that the list lacks is for Cin7 Core to refuse.
        const payment_terms = nameOf(terms, listed) ?? usualName(terms);
        return { ...item, fields: { ...item.fields, payment_terms } };
      });
    },
  };
}

/** "30 days", "30 days EOM". */
export const usualName = ({ days, from }: PaymentTerms): string =>
  `${days} days${from === 'end_of_month' ? ' EOM' : ''}`;

/** Of several names for the same terms the usual one, else the first; null where there is none. */
function nameOf(terms: PaymentTerms, listed: readonly Named[]): string | null {
  const usual = usualName(terms).toLowerCase();
  const names = listed
    .filter((one) => one.IsActive !== false && means(one.Name, terms))
    .map(({ Name }) => Name);
  return names.find((name) => name.trim().toLowerCase() === usual) ?? names[0] ?? null;
}

function means(name: string, { days, from }: PaymentTerms): boolean {
  const read = observedTerms(name);
  const terms = read.state === 'value' ? asTerms(read.value) : null;
  return terms?.days === days && terms.from === from;
}
