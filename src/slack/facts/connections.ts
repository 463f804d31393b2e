import { createHash } from 'node:crypto';
import type { ConnectionTerms } from '../../agreement/agreement.ts';
import { signInVariables, signsInByPage } from '../../agreement/readiness.ts';
import { endsSoon } from '../../alerts/connection-needs.ts';
import type { SetUpStep } from '../../connectors/connection.ts';
import { budgetLeft } from '../../ledger/connections/budget-left.ts';
import { type ConnectionCheck, checksOf } from '../../ledger/connections/checks.ts';
import { signInOf } from '../../ledger/connections/tokens.ts';
import { approvedIn } from '../../ledger/records/markings.ts';
import { markCounts } from '../../ledger/records/marks.ts';
import type { FactSources } from '../deps.ts';
import type { ConnectionFacts, MarkFacts, SignInFacts } from '../messages/connections/facts.ts';

/** These connections, as they were last seen. `mine` = those that the asker may connect. */
export async function connectionFacts(
  sources: FactSources,
  connections: readonly ConnectionTerms[],
  mine: (connection: string) => boolean,
): Promise<ConnectionFacts[]> {
  const checks = await checksOf(sources.db);
  return Promise.all(
    connections.map((terms) => factsOf(sources, terms, checks.get(terms.id), mine(terms.id))),
  );
}

async function factsOf(
  sources: FactSources,
  terms: ConnectionTerms,
  check: ConnectionCheck | undefined,
  mine: boolean,
): Promise<ConnectionFacts> {
  const { db, clock, labels, agreement } = sources;
  const report = check?.report ?? null;
  const marks = await marksIn(sources, terms.id);
  const isOwn = terms.system === 'postgresql' || terms.system === 'csv';
  const left = isOwn
    ? null
    : await budgetLeft(db, terms, { now: clock.now(), timeZone: agreement().timeZone });
  return {
    id: terms.id,
    label: labels(terms.id),
    account: report?.account ?? null,
    signIn: await signInFacts(db, terms),
    scopes: report?.scopes ?? null,
    missingScopes: report?.missingScopes ?? [],
    endsSoon: report !== null && endsSoon(report, clock.now()),
    expiresAt: report?.expiresAt ? new Date(report.expiresAt) : null,
    calls: left && {
      leftToday: left.day,
      perDay: terms.callsPerDay,
      forPeople: terms.callsForPeople,
      leftThisMinute: left.minute,
      perMinute: terms.callsPerMinute,
      dayEnds: left.dayEnds,
      closedUntil: left.closedUntil,
    },
    checkedAt: check?.at ?? null,
    error: check?.error ?? null,
    problems: report?.problems ?? [],
    ...(report?.notes ? { notes: report.notes } : {}),
    steps: (report?.steps ?? []).map((step) => ({
      value: stepValue(terms.id, step),
      label: step.label,
      details: step.details,
      ...(step.optional ? { optional: step.optional } : {}),
    })),
    ...(marks.length > 0 ? { marks } : {}),
    mine,
  };
}

/** As it stands in the ledger now, whatever the last look said. */
async function marksIn({ db, clock, entity }: FactSources, connection: string): Promise<MarkFacts[]> {
  const approved = await approvedIn(db, connection);
  return Promise.all(
    [...approved.keys()].sort().map(async (name) => {
      const counts = await markCounts(db, { connection, entity: name }, clock.now());
      return { many: entity(name).noun.many, ...counts };
    }),
  );
}

async function signInFacts(db: FactSources['db'], terms: ConnectionTerms): Promise<SignInFacts> {
  if (signsInByPage(terms)) return { kind: 'page', connected: await signInOf(db, terms.id) };
  const variables = signInVariables(terms);
  return variables.length > 0 ? { kind: 'environment', variables } : { kind: 'none' };
}

/** Names a step and, by a digest, exactly what a person is shown of it: an approval of something else does not count. */
export function stepValue(connection: string, { id, label, details }: SetUpStep): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([id, label, details]))
    .digest('base64url')
    .slice(0, 16);
  return [connection, encodeURIComponent(id), digest].join('/');
}
