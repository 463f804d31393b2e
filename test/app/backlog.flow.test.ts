import { createHmac } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { eq, sql } from 'drizzle-orm';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hints, runs } from '#src/ledger/tables/index.ts';
import { openTruce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

const webhooks = 10_000;
const contacts = 40;
const atOnce = 20;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
/** What is left in memory once nothing is left to throw away, in MB. */
function heap(): number {
  collect();
  return process.memoryUsage().heapUsed / 1e6;
}

describe('backlog: a burst of ten thousand webhooks', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;
  const agent = new Agent({ connections: atOnce });

  beforeAll(async () => {
    truce = await openTruce('PGlite', { webhooks: false });
  }, 240_000);
  afterAll(async () => {
    await agent.close();
    await truce?.stop();
  });

  /** As Xero sends and signs them, each another one. */
  async function post(number: number, contactId: string): Promise<number> {
    const event = { resourceId: contactId, eventCategory: 'CONTACT', eventType: 'UPDATE' };
    const body = JSON.stringify({ events: [event], firstEventSequence: number, lastEventSequence: number });
    const signature = createHmac('sha256', truce.practice.env.XERO_WEBHOOK_KEY ?? '')
      .update(body)
      .digest('base64');
    const answer = await request(`http://127.0.0.1:${truce.port}/webhooks/xero`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'x-xero-signature': signature },
      dispatcher: agent,
    });
    await answer.body.dump();
    return answer.statusCode;
  }

  it('are one hint for each record, a few runs, and no memory', async () => {
    const { db } = truce.database;
    const ids = truce
      .vendor('xero')
      .cards()
      .slice(0, contacts)
      .map(({ externalId }) => externalId);
    const ofHints = () => db.$count(runs, eq(runs.trigger, 'hint'));
    const before = await ofHints();
    const statuses = new Map<number, number>();
    let next = 0;
    let most = 0;
    const sizes: number[] = [];
    const sendUntil = async (last: number) => {
      const work = async () => {
        while (next < last) {
          const number = next;
          next += 1;
          const status = await post(number, ids[number % contacts] ?? '');
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          if (number % 500 === 0) most = Math.max(most, await db.$count(hints));
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
      sizes.push(heap());
    };
    for (let quarter = 1; quarter <= 4; quarter += 1) await sendUntil((webhooks / 4) * quarter);
    expect(Object.fromEntries(statuses)).toEqual({ 200: webhooks });
    expect(most).toBeLessThanOrEqual(contacts);

    // All were heard: what the last of them named is read, and nothing waits any more.
    await until(async () => (await db.$count(hints)) === 0, 120_000);
    const woken = (await ofHints()) - before;
    expect(woken).toBeGreaterThan(0);
    expect(woken).toBeLessThan(webhooks / 20);
    const [queued] = await db.execute<{ n: number }>(
      sql`select count(*)::int as n from pgboss.job where name = 'run-flow'`,
    );
    expect(queued?.n).toBeLessThan(webhooks / 20);
    const [first = 0, ...later] = sizes;
    expect(Math.max(...later) / first).toBeLessThan(1.15);
  }, 600_000);
});
