import { and, eq, inArray } from 'drizzle-orm';
import { VendorError } from '../../connectors/connector.ts';
import { openIntents } from '../../ledger/sealing/evidence.ts';
import { changes, intents, links } from '../../ledger/tables/index.ts';
import type { RunFailure } from '../../ledger/tables/runs.ts';
import { callFor, commit, connectorOf, type RunContext } from '../context.ts';
import { failureOf, linkFailure } from '../failures.ts';
import { together } from '../together.ts';
import { linkMade, type Making } from './made.ts';

/** Until then what is not there may still be under way: an answer that took too long does not end the making of it. */
export const mayStillComeMs = 30_000;

/**
 * Asks each system about records that were sent to be made and never answered for: by our mark, never by a search. What is
 * there is linked; what is not may be made again. A system that cannot be asked leaves it open, and nothing is made of it.
 */
export async function lookForMade(context: RunContext): Promise<RunFailure[]> {
  const rows = await context.db
    .select({ intent: intents })
    .from(intents)
    .innerJoin(changes, eq(changes.id, intents.changeId))
    .where(
      and(
        eq(changes.flow, context.flow.id),
        eq(intents.kind, 'create'),
        inArray(intents.state, ['in_flight', 'unknown']),
      ),
    );
  const asked = rows.flatMap(({ intent }) => (context.connectors.has(intent.connection) ? [intent] : []));
  const open = (await openIntents(context.db, asked)).map((intent): Sent => {
    const { id: key, changeId, recordId, connection, fields, committedAt: sentAt } = intent;
    return { key, changeId, recordId, connection, fields: fields as Making['fields'], sentAt };
  });
  const failures = await together(
    context,
    [...Map.groupBy(open, (one) => one.connection)],
    ([connection, some]) => look(context, connection, some),
  );
  return failures.flat();
}

interface Sent extends Making {
  readonly sentAt: Date;
}

async function look(context: RunContext, connection: string, open: readonly Sent[]): Promise<RunFailure[]> {
  const changeIds = open.map((one) => one.changeId);
  try {
    const found = await connectorOf(context, connection).findMade(
      open.map(({ recordId, fields }) => ({ marker: recordId, fields })),
      callFor(context, changeIds),
    );
    for (const one of open) {
      const externalId = found.get(one.recordId);
      const age = context.clock.now().getTime() - one.sentAt.getTime();
      if (externalId !== undefined)
        await linkMade(context, connection, [{ ...one, externalId, exchangeId: null }]);
      else if (age >= mayStillComeMs) await giveUp(context, one);
    }
    return [];
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    await linkFailure(context, changeIds, error);
    return [failureOf(error)];
  }
}

async function giveUp(context: RunContext, { key, recordId, connection }: Making): Promise<void> {
  await commit(context, async (tx) => {
    const [link] = await tx
      .select({ externalId: links.externalId })
      .from(links)
      .where(and(eq(links.recordId, recordId), eq(links.connection, connection)));
    const reason = link ? 'somebody made it there meanwhile' : 'no answer came, and it was not made';
    await tx
      .update(intents)
      .set({ state: 'abandoned', reason, finishedAt: context.clock.now() })
      .where(eq(intents.id, key));
  });
}
