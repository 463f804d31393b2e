import { and, desc, eq, ne, sql } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import type { IncidentHistory } from '../tables/incidents.ts';
import { incidentEvents, incidents } from '../tables/index.ts';
import type { Incident } from './incidents.ts';

const toldAtMost = 25;

/** Its newest happenings, and how often it was met beside them. */
export async function historyOf(db: DbOrTx, id: number): Promise<IncidentHistory> {
  const ofIt = eq(incidentEvents.incidentId, id);
  const [rows, [met]] = await Promise.all([
    db
      .select()
      .from(incidentEvents)
      .where(and(ofIt, ne(incidentEvents.kind, 'again')))
      .orderBy(desc(incidentEvents.id))
      .limit(toldAtMost),
    db
      .select({ times: sql<number>`count(*)::int`, last: sql<string | null>`max(${incidentEvents.at})` })
      .from(incidentEvents)
      .where(and(ofIt, eq(incidentEvents.kind, 'again'))),
  ]);
  return {
    happenings: rows
      .reverse()
      .flatMap(({ at, kind, actor, message }) =>
        kind === 'again' ? [] : [{ at, kind, by: actor, message }],
      ),
    met: { times: met?.times ?? 0, last: met?.last ? new Date(met.last) : null },
  };
}

/** The problem that has a reference of its own: the watch found it, not a run. */
export async function incidentByReference(db: DbOrTx, reference: string): Promise<Incident | null> {
  const [incident] = await db
    .select()
    .from(incidents)
    .where(eq(incidents.correlationId, reference))
    .orderBy(desc(incidents.id))
    .limit(1);
  return incident ?? null;
}
