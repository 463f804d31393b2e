import type { NewCin7Customers, TaxCodes } from '../../agreement/agreement.ts';
import { created, createInBatches, notCreated } from '../batches.ts';
import type { CallContext, Create, CreateOutcome } from '../connector.ts';
import { CallFailed } from '../http/failure.ts';
import { toNewCustomer } from './body.ts';
import type { Cin7CoreClient } from './client.ts';
import { markerOf } from './map.ts';
import { fewCalls, pagesOf } from './read.ts';
import { type Customer, customer } from './schema.ts';

type Made = Pick<Create, 'marker' | 'fields'>;

/**
 * Makes customers, one call each. Cin7 Core takes no key of ours: a name can be there once, in whatever case, and our mark in
 * the comments says whether the one that has it is ours. So each name is looked for before, and again where Cin7 Core says
 * that somebody was faster; the call that makes it is never repeated.
 */
export async function createCustomers(
  client: Cin7CoreClient,
  { newCustomers, taxCodes }: { readonly newCustomers: NewCin7Customers | null; readonly taxCodes: TaxCodes },
  creates: readonly Create[],
  call: CallContext,
): Promise<CreateOutcome[]> {
  if (!newCustomers) {
    return creates.map((one) => notCreated(one, 'new_customers is not set for this connection', null));
  }
  const held = await customersNamed(client, creates.map(nameOf), call);
  const verdict = (one: Create, holder: Customer, exchangeId: number | null): CreateOutcome =>
    markerOf(holder) === one.marker.toLowerCase()
      ? created(one, holder.ID, exchangeId)
      : notCreated(one, 'Cin7 Core has another customer of this name', exchangeId, true);
  return createInBatches(creates, {
    size: 1,
    send: async ([one]) => {
      if (!one) return [];
      const holder = held.get(key(nameOf(one)));
      if (holder) return [verdict(one, holder, null)];
      const body = toNewCustomer(one, newCustomers, taxCodes);
      if (body.kind !== 'body') {
        return [notCreated(one, body.kind === 'impossible' ? body.reason : 'there is nothing to send', null)];
      }
      try {
        const { data, exchangeId } = await client.add(body.json, call);
        const made = customer.safeParse(data.CustomerList[0]);
        return made.success ? [created(one, made.data.ID, exchangeId)] : [];
      } catch (error) {
        if (!(error instanceof CallFailed) || !saysTaken(error)) throw error;
        const faster = await customersNamed(client, [nameOf(one)], call).catch(() => null);
        const other = faster?.get(key(nameOf(one)));
        return [
          other
            ? verdict(one, other, error.exchangeId)
            : notCreated(one, error.reason, error.exchangeId, true),
        ];
      }
    },
  });
}

/** Which of these were made after all: under their name, or under another one that somebody has given them since. */
export async function findMadeCustomers(
  client: Cin7CoreClient,
  creates: readonly Made[],
  call: CallContext,
): Promise<ReadonlyMap<string, string>> {
  const wanted = new Map(creates.map(({ marker }) => [marker.toLowerCase(), marker]));
  const found = new Map<string, string>();
  const note = (one: Customer) => {
    const marker = wanted.get(markerOf(one) ?? '');
    if (marker) found.set(marker, one.ID);
  };
  for (const holder of (await customersNamed(client, creates.map(nameOf), call)).values()) note(holder);
  if (found.size === wanted.size) return found;
  for await (const { sorted } of pagesOf((page) => client.list(null, page, call))) sorted.good.forEach(note);
  return found;
}

/**
 * Customers by name, deprecated ones too, whatever the case: their name in small letters → the customer. A few are asked for
 * by the beginning of their name, which is all that Cin7 Core can look for; many are found on its pages.
 */
async function customersNamed(
  client: Cin7CoreClient,
  names: readonly string[],
  call: CallContext,
): Promise<ReadonlyMap<string, Customer>> {
  const wanted = new Map(names.map((name) => [key(name), name.trim()]));
  wanted.delete('');
  const found = new Map<string, Customer>();
  const note = (one: Customer) => {
    const name = key(one.Name ?? '');
    if (wanted.has(name)) found.set(name, one);
  };
  if (wanted.size > fewCalls) {
    let pages = 1;
    for await (const page of pagesOf((number) => client.list(null, number, call))) {
      page.sorted.good.forEach(note);
      pages = page.pages;
      if (pages > wanted.size) break;
    }
    if (pages <= wanted.size) return found;
  }
  for (const [name, asWritten] of wanted) {
    if (found.has(name)) continue;
    // Whether the case of a beginning counts is written nowhere: the name as it is finds most either way.
    for await (const page of pagesOf((number) => client.byName(asWritten, number, call))) {
      page.sorted.good.forEach(note);
      if (found.has(name)) break;
    }
  }
  return found;
}

const nameOf = ({ fields }: Made): string => String(fields.legal_name ?? '');
const key = (name: string): string => name.trim().toLowerCase();
const saysTaken = ({ failure, reason }: CallFailed): boolean =>
  failure === 'refused' && /must be unique|already exists/i.test(reason);
