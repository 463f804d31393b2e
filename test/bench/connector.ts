import { z } from 'zod';
import type { ConnectionTerms } from '#src/agreement/agreement.ts';
import { systemClock } from '#src/clock.ts';
import { inChunks } from '#src/connectors/batches.ts';
import type { CallContext, Connector, Observation, ReadItem } from '#src/connectors/connector.ts';
import { createHttp, type HttpDeps } from '#src/connectors/http/client.ts';
import type { FieldValue, Observed } from '#src/entities/field.ts';
import type { Held } from './customers.ts';

const listShape = z.object({ customers: z.array(z.unknown()), next: z.number().nullable() });
const readShape = z.object({ customers: z.array(z.unknown()) });
const savedShape = z.object({ saved: z.boolean() });
const madeShape = z.object({ ids: z.array(z.string()) });
/** Records a call, as vendors have it: a hundred read, fifty written. */
const sizes = { read: 100, write: 50 } as const;

/** A connector to the stand-in: the product's own HTTP client, call log and budget, and a mapping without any vendor's ways. */
export function benchConnector(terms: ConnectionTerms, url: string, deps: HttpDeps): Connector {
  const http = createHttp({
    ...deps,
    terms,
    words: { label: terms.id },
    clock: systemClock,
    secrets: () => [],
  });
  const post = <T>(what: string, json: unknown, shape: z.ZodType<T>, context: CallContext) =>
    http(
      {
        purpose: what,
        method: 'POST',
        url: `${url}/${what}`,
        body: { json },
        effect: what === 'read' ? 'read' : 'once',
        shape,
      },
      context,
    );
  return {
    label: terms.id,
    role: 'customer',
    canUpdate: true,
    canCreate: true,
    lagMs: 0,
    overlapMs: 0,
    supports: (field) => field !== 'delivery_address' && field !== 'gst_registered',
    project: (_, value) => ({ value, lossy: false }),
    async *changed(since, _, context) {
      let after: number | null = 0;
      while (after !== null) {
        const { data, exchangeId }: Awaited<ReturnType<typeof http<z.infer<typeof listShape>>>> = await http(
          {
            purpose: 'list customers',
            method: 'GET',
            url: `${url}/customers`,
            query: { since: String(since?.getTime() ?? 0), after: String(after) },
            effect: 'read',
            shape: listShape,
          },
          context,
        );
        yield data.customers.map((one) => itemOf(one as Held, exchangeId));
        after = data.next;
      }
    },
    read: async (ids, context) => {
      const items: ReadItem[] = [];
      for (const some of inChunks(ids, sizes.read)) {
        const { data, exchangeId } = await post('read', { ids: some }, readShape, context);
        items.push(...data.customers.map((one) => itemOf(one as Held, exchangeId)));
      }
      return items;
    },
    write: async (writes, context) => {
      const outcomes = [];
      for (const some of inChunks(writes, sizes.write)) {
        const inputs = some.map(({ externalId, fields }) => ({ id: externalId, fields: held(fields) }));
        const { exchangeId } = await post('update', { inputs }, savedShape, context);
        outcomes.push(...some.map(({ key }) => ({ kind: 'saved' as const, key, exchangeId })));
      }
      return outcomes;
    },
    create: async (creates, context) => {
      const outcomes = [];
      for (const some of inChunks(creates, sizes.write)) {
        const inputs = some.map(({ fields, marker }) => ({ ...held(fields), marker }));
        const { data, exchangeId } = await post('create', { inputs }, madeShape, context);
        outcomes.push(
          ...some.map(({ key }, i) => {
            const externalId = data.ids[i] as string;
            return { kind: 'created' as const, key, externalId, exchangeId };
          }),
        );
      }
      return outcomes;
    },
    findMade: async () => new Map(),
  };
}

const itemOf = (record: Held, exchangeId: number | null): ReadItem => ({
  kind: 'read',
  observation: observationOf(record),
  exchangeId,
});

/** The canonical customer, for Truce and for the ideal pipeline alike. */
export function observationOf(record: Held): Observation {
  const value = (one: FieldValue): Observed => ({ state: 'value', value: one });
  return {
    externalId: record.id,
    role: 'customer',
    url: null,
    vendorAt: new Date(record.changed_at).toISOString(),
    archived: record.archived,
    marker: record.marker,
    also: [],
    fields: {
      legal_name: value(record.legal_name),
      trading_name: value(record.trading_name),
      abn: value(record.abn),
      acn: value(record.acn),
      email: value(record.email),
      phone: value(record.phone),
      mobile: value(record.mobile),
      billing_address: value({
        line1: record.street,
        line2: null,
        city: record.city,
        state: record.state,
        postcode: record.postcode,
        country: 'AU',
      }),
      delivery_address: { state: 'unsupported' },
      payment_terms: value({ days: record.terms_days, from: 'invoice_date' }),
      tax_treatment: value(record.tax),
      gst_registered: { state: 'unsupported' },
      status: value(record.archived ? 'archived' : 'active'),
    },
    editors: {},
    drift: [],
  };
}

/** What the stand-in keeps of canonical values. */
function held(fields: Readonly<Record<string, FieldValue | null>>): Partial<Held> {
  const { billing_address: address, payment_terms: terms, tax_treatment: tax, status, ...rest } = fields;
  const parts = (value: FieldValue | null | undefined) =>
    (typeof value === 'object' && value !== null ? value : {}) as Record<string, never>;
  const { line1, city, state, postcode } = parts(address);
  return {
    ...(rest as Partial<Held>),
    ...(address ? { street: line1, city, state, postcode } : {}),
    ...(terms ? { terms_days: parts(terms).days } : {}),
    ...(tax ? { tax: String(tax) } : {}),
    ...(status ? { archived: status === 'archived' } : {}),
  };
}
