import { suggest } from './nearest.ts';
import type { LineOf, Problem } from './problem.ts';
import type { Written, WrittenConnection, WrittenFlow } from './schema.ts';
import { says } from './where.ts';

const nobody = 'nobody';
type Cin7Core = Extract<WrittenConnection, { readonly system: 'cin7-core' }>;

/**
 * Whether every invoice has one source: where Cin7 Core posts its invoices into an account by itself, a flow that makes invoices there
 * would put every sale into the books twice, and one that writes their lines would change what Cin7 Core has sold. Nobody can see from outside whether it does, so it has to be said.
 */
export function checkInvoiceSource(written: Written, lineOf: LineOf): Problem[] {
  return Object.entries(written.connections).flatMap(([id, connection]) =>
    connection.system === 'cin7-core'
      ? [
          ...checkNamed(id, connection, written, lineOf),
          ...Object.entries(written.flows).flatMap(([name, flow]) => [
            ...checkFlow({ id, connection }, { id: name, flow }, written, lineOf),
            ...checkWritten({ id, connection }, { id: name, flow }, lineOf),
          ]),
        ]
      : [],
  );
}

/** It names an account that is there and that invoices can be posted into. */
function checkNamed(
  id: string,
  { posts_invoices_to }: Cin7Core,
  written: Written,
  lineOf: LineOf,
): Problem[] {
  const path = ['connections', id, 'posts_invoices_to'];
  if (posts_invoices_to === undefined || posts_invoices_to === nobody) return [];
  const books = Object.entries(written.connections).flatMap(([other, { system }]) =>
    system === 'xero' ? [other] : [],
  );
  if (books.includes(posts_invoices_to)) return [];
  const isThere = Object.hasOwn(written.connections, posts_invoices_to);
  const what = isThere ? 'whose system keeps no books' : 'which is no connection';
  return [
    {
      line: lineOf(path),
      message: says(path, `is “${posts_invoices_to}”, ${what}.`),
      remedy: suggest(posts_invoices_to, [...books, nobody]),
    },
  ];
}

/** What HubSpot's deals would bring into an invoice that is there: its lines, its reference, its link. */
const ofMaker = ['lines', 'reference', 'deal_link'];

/** Fields that a flow would write into the invoices that Cin7 Core posts: they are its own, down to the last line. */
function checkWritten(
  { id, connection }: { readonly id: string; readonly connection: Cin7Core },
  { id: flowId, flow }: { readonly id: string; readonly flow: WrittenFlow },
  lineOf: LineOf,
): Problem[] {
  const posts = connection.posts_invoices_to;
  // Where it makes invoices as well, that is what has to go first.
  if (flow.entity !== 'invoice' || posts === undefined || !flow.connections.includes(posts)) return [];
  if (Object.hasOwn(flow.create_in, posts)) return [];
  return ofMaker.flatMap((field): Problem[] => {
    const terms = flow.fields[field];
    if (!terms || !(terms.between ?? flow.connections).includes(posts)) return [];
    const path = ['flows', flowId, 'fields', field];
    const message = says(
      path,
      `would be written into “${posts}”, where “${id}” posts its own invoices (posts_invoices_to): those are only read.`,
    );
    const all = ofMaker.filter((name) => flow.fields[name]);
    const remedy = `Take ${inWords(all)} out of the fields of “${flowId}”, and match by number.`;
    return [{ line: lineOf(path), message, remedy }];
  });
}

const inWords = (names: readonly string[]): string => {
  const quoted = names.map((name) => `“${name}”`);
  return quoted.length > 1 ? `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}` : quoted.join('');
};

/** A flow that makes invoices where Cin7 Core posts them too, or perhaps does. */
function checkFlow(
  { id, connection }: { readonly id: string; readonly connection: Cin7Core },
  { id: flowId, flow }: { readonly id: string; readonly flow: WrittenFlow },
  { connections }: Written,
  lineOf: LineOf,
): Problem[] {
  if (flow.entity !== 'invoice') return [];
  const posts = connection.posts_invoices_to;
  return Object.keys(flow.create_in).flatMap((target): Problem[] => {
    if (posts === target) {
      const path = ['flows', flowId, 'create_in', target];
      const message = says(
        path,
        `makes invoices where “${id}” posts its own (posts_invoices_to): every sale would be in the books twice.`,
      );
      const remedy = `Take “${target}” out of create_in, and lines, reference and deal_link out of fields, so that its invoices are only read; or stop the posting in Cin7 Core and write “posts_invoices_to: nobody” there.`;
      return [{ line: lineOf(path), message, remedy }];
    }
    if (posts !== undefined || connections[target]?.system !== 'xero') return [];
    const path = ['connections', id];
    const message = says(
      path,
      `does not say whether Cin7 Core posts invoices into “${target}”, where “${flow.name}” makes them: two sources would put every sale into the books twice.`,
    );
    const remedy = `Look in Cin7 Core under Integrations. If it posts none, add “posts_invoices_to: nobody”; if it does, add “posts_invoices_to: ${target}” and take “${target}” out of create_in, and lines, reference and deal_link out of fields.`;
    return [{ line: lineOf(path), message, remedy }];
  });
}
