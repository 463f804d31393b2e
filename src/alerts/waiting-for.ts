import type { ActiveAgreement, Flow } from '../agreement/agreement.ts';
import { speaksFor } from '../agreement/deputies.ts';
import type { OwnerRole } from '../ledger/agreement/proposals.ts';
import type { Incident } from '../ledger/alerts/incidents.ts';
import type { DbOrTx } from '../ledger/db.ts';
import { putOffBy } from '../ledger/questions/laters.ts';
import { type OpenAsk, openAsks } from '../ledger/questions/open-asks.ts';
import {
  decisionsFor,
  openProblems,
  unsavedOf,
  type WaitingDecision,
} from '../ledger/questions/waiting-for.ts';
import { mendsItself } from './apply.ts';

/** What waits for one person in one flow. */
export interface Waiting {
  readonly flow: Flow;
  readonly decisions: readonly WaitingDecision[];
  /** Decisions of theirs that could not be saved everywhere. */
  readonly unsaved: readonly { readonly changeId: string; readonly title: string }[];
  readonly problems: readonly Incident[];
  /** What else this person may answer. */
  readonly asks: readonly OpenAsk[];
}

/**
 * What waits for one person, flow by flow, but for what they put off; flows in which nothing does are left out. In the morning an owner hears of all
 * problems, later in the day only of those that nobody has taken on.
 */
export async function waitingFor(
  db: DbOrTx,
  agreement: ActiveAgreement,
  { person, morning, now }: { readonly person: string; readonly morning: boolean; readonly now: Date },
): Promise<Waiting[]> {
  const found: Waiting[] = [];
  const later = await putOffBy(db, { by: person, now });
  for (const flow of Object.values(agreement.flows)) {
    const about = { flow: flow.id, person };
    const decides = flow.deciders.some((one) => speaksFor(person, one));
    const standsFor = flow.deciders.flatMap(({ slack, standIn }) => (standIn?.slack === person ? slack : []));
    const roles = ownerRoles.filter((role) => speaksFor(person, flow.owners[role]));
    const problems = roles.length > 0 ? await openProblems(db, flow.id) : [];
    const waiting: Waiting = {
      flow,
      decisions: decides
        ? (await decisionsFor(db, { ...about, standsFor })).filter((one) => !later.has(one.changeId))
        : [],
      unsaved: await unsavedOf(db, about),
      problems: problems.filter(({ state, cause }) => !mendsItself(cause) && (morning || state === 'open')),
      asks: (await openAsks(db, flow)).filter((ask) => isTheirs(ask, { decides, roles })),
    };
    const { decisions, unsaved, asks } = waiting;
    if ([decisions, unsaved, waiting.problems, asks].some((one) => one.length > 0)) found.push(waiting);
  }
  return found;
}

const ownerRoles: readonly OwnerRole[] = ['business', 'technical'];

/** New rules wait for owners by name; anything else for whoever may decide. */
const isTheirs = (
  ask: OpenAsk,
  { decides, roles }: { readonly decides: boolean; readonly roles: readonly OwnerRole[] },
): boolean => (ask.kind === 'agreement' ? roles.some((role) => ask.waitsFor.includes(role)) : decides);
