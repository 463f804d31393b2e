import { workdayOf } from '../../alerts/hours.ts';
import { type Over, oldestTold, overSince } from '../../alerts/over-since.ts';
import { type Waiting, waitingFor } from '../../alerts/waiting-for.ts';
import { callsOf } from '../../ledger/alerts/interruptions.ts';
import type { FactSources } from '../deps.ts';
import { problemWords } from '../messages/alert/problem-words.ts';
import type {
  DigestAsk,
  DigestDecision,
  DigestExpired,
  DigestFacts,
  DigestProblem,
} from '../messages/digest.ts';
import { count } from '../messages/text.ts';
import { cardLink, decisionLink } from './card-link.ts';
import { fieldNamed } from './fields.ts';
import { heldUpByChange } from './held-up.ts';

/** What waits for one person now; of `only` these decisions, where they are named, and nothing else. */
export async function digestFacts(
  sources: FactSources,
  {
    person,
    morning,
    only,
  }: { readonly person: string; readonly morning: boolean; readonly only: readonly string[] | null },
): Promise<DigestFacts> {
  const agreement = sources.agreement();
  const now = sources.clock.now();
  const found = await waitingFor(sources.db, agreement, { person, morning, now });
  const waiting = only ? found.map((one) => narrowed(one, only)) : found;
  const oldestFirst = <T extends { readonly openedAt: Date }>(all: T[]) =>
    all.sort((a, b) => a.openedAt.getTime() - b.openedAt.getTime());
  const asked = waiting.flatMap(({ decisions }) => decisions.map(({ changeId }) => changeId));
  const { each, all } = await heldUpByChange(sources, asked);
  const decisions = oldestFirst(waiting.flatMap((one) => decisionsOf(sources, one)));
  const over = only ? [] : await overOf(sources, person, now);
  return {
    decisions: await Promise.all(
      decisions.map(async ({ flow, ...one }, i) => {
        const held = each.get(one.changeId);
        // Only the first few are named.
        const link = i < 5 ? await decisionLink(sources, { changeId: one.changeId, flow }) : null;
        return { ...one, link, ...(held ? { heldUp: held } : {}) };
      }),
    ),
    heldUp: all,
    unsaved: waiting.flatMap(({ flow, unsaved }) =>
      unsaved.map(({ changeId, title }) => ({ title, flowName: flow.name, reference: changeId })),
    ),
    problems: oldestFirst(waiting.flatMap((one) => problemsOf(sources, one))),
    asks: await asksOf(sources, waiting),
    over: over.flatMap((one) => noLongerOf(sources, one)),
    expired: await expiredOf(sources, over),
    channels: [...new Set([...waiting, ...over].map(({ flow }) => flow.channel))],
    command: agreement.command,
    board: sources.board?.() ?? null,
    zone: workdayOf(agreement, person).timeZone,
  };
}

/** Of what waits these decisions alone. */
const narrowed = (waiting: Waiting, only: readonly string[]): Waiting => ({
  ...waiting,
  decisions: waiting.decisions.filter(({ changeId }) => only.includes(changeId)),
  unsaved: [],
  problems: [],
  asks: [],
});

/** What is over since the digest before this one, without an answer of this person's. */
async function overOf(sources: FactSources, person: string, now: Date): Promise<Over[]> {
  const earliest = new Date(now.getTime() - oldestTold);
  const calls = await callsOf(sources.db, person, earliest);
  const [last, before] = calls
    .filter(({ kind }) => kind === 'digest')
    .sort((a, b) => b.at.getTime() - a.at.getTime());
  const span = { since: before?.at ?? earliest, until: last?.at ?? now };
  return overSince(sources.db, sources.agreement(), { person, ...span });
}

/** What this person was concerned with, and what needs no decision any more. */
const noLongerOf = ({ entity }: FactSources, { flow, noLonger }: Over): DigestFacts['over'][number][] =>
  noLonger.map(({ title, fields }) => ({
    title,
    flowName: flow.name,
    details: fields.map((field) => fieldNamed(entity(flow.entity), field).label),
  }));

/** What the clock decided: each detail with what was done then. */
async function expiredOf(sources: FactSources, over: readonly Over[]): Promise<DigestExpired[]> {
  const { entity, labels } = sources;
  const all = over.flatMap(({ flow, expired }) => expired.map((one) => ({ flow, one })));
  return Promise.all(
    all.map(async ({ flow, one: { changeId, title, fields } }, i) => ({
      title,
      flowName: flow.name,
      details: fields.map(({ name, fallback }) => {
        const terms = flow.fields[name];
        const isUsed = fallback === 'owner_wins' && !terms?.twoPeople;
        return {
          label: fieldNamed(entity(flow.entity), name).label,
          used: isUsed ? labels(terms?.systemOfRecord ?? '') : null,
        };
      }),
      link: i < 5 ? await cardLink(sources, [`card:change:${changeId}`]) : null,
    })),
  );
}

/** So many of a question's messages are looked at for one that is posted: the oldest are. */
const lookedAt = 5;

async function asksOf(sources: FactSources, waiting: readonly Waiting[]): Promise<DigestAsk[]> {
  const all = waiting.flatMap(({ flow, asks }) => asks.map((ask) => ({ flow, ask })));
  all.sort((a, b) => a.ask.since.getTime() - b.ask.since.getTime());
  return Promise.all(
    all.map(async ({ flow, ask }) => ({
      kind: ask.kind,
      n: 'n' in ask ? ask.n : 1,
      version: 'version' in ask ? ask.version : null,
      noun: sources.entity(flow.entity).noun,
      flowName: flow.name,
      since: ask.since,
      link: await cardLink(sources, ask.cards.slice(0, lookedAt)),
    })),
  );
}

function decisionsOf(
  { entity }: FactSources,
  { flow, decisions }: Waiting,
): (Omit<DigestDecision, 'link' | 'heldUp'> & { readonly flow: string })[] {
  return decisions.map(({ changeId, title, fields, openedAt, deadline }) => ({
    changeId,
    flow: flow.id,
    title,
    flowName: flow.name,
    details: fields.map((field) => fieldNamed(entity(flow.entity), field).label),
    openedAt,
    deadline,
  }));
}

function problemsOf({ entity, labels }: FactSources, { flow, problems }: Waiting): DigestProblem[] {
  const { noun } = entity(flow.entity);
  return problems.map(({ id, cause, connection, data, openedAt, state }) => ({
    number: id,
    flowName: flow.name,
    words: problemWords({
      cause,
      system: connection ? labels(connection) : null,
      flowName: flow.name,
      channel: flow.channel,
      field: data.field ?? null,
      fewer: data.fewer ?? false,
      credentialsNote: null,
    }),
    openedAt,
    blocks: data.waiting ? count(data.waiting, `${noun.one} waits`, `${noun.many} wait`) : null,
    taken: state === 'acknowledged',
  }));
}
