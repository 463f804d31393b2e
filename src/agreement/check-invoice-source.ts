import { suggest } from './nearest.ts';
import type { LineOf, Problem } from './problem.ts';
import type { Written, WrittenConnection, WrittenFlow } from './schema.ts';
import { says } from './where.ts';

const nobody = 'nobody';
type Cin7Core = Extract<WrittenConnection, { readonly system: 'cin7-core' }>;

/**
 * Whether every invoice has one source: where Cin7 Core posts its invoices into an account by itself, a flow that makes invoices there
 * would put every sale into the books twice. Nobody can see from outside whether it does, so it has to be said.
 */
export function checkInvoiceSource(written: Written, lineOf: LineOf): Problem[] {
  return Object.entries(written.connections).flatMap(([id, connection]) =>
    connection.system === 'cin7-core'
      ? [
          ...checkNamed(id, connection, written, lineOf),
          ...Object.entries(written.flows).flatMap(([name, flow]) =>
            checkFlow({ id, connection }, { id: name, flow }, written, lineOf),
          ),
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
      const remedy = `Take “${target}” out of create_in, so that its invoices are only read; or stop the posting in Cin7 Core and write “posts_invoices_to: nobody” there.`;
      return [{ line: lineOf(path), message, remedy }];
    }
    if (posts !== undefined || connections[target]?.system !== 'xero') return [];
    const path = ['connections', id];
    const message = says(
      path,
      `does not say whether Cin7 Core posts invoices into “${target}”, where “${flow.name}” makes them: two sources would put every sale into the books twice.`,
    );
    const remedy = `Look in Cin7 Core under Integrations. If it posts none, add “posts_invoices_to: nobody”; if it does, add “posts_invoices_to: ${target}” and take “${target}” out of create_in.`;
    return [{ line: lineOf(path), message, remedy }];
  });
}
