import { workdayOf } from '../../alerts/hours.ts';
import { type Waiting, waitingFor } from '../../alerts/waiting-for.ts';
import type { FactSources } from '../deps.ts';
import type { DigestDecision, DigestFacts, DigestProblem } from '../messages/digest.ts';
import { problemWords } from '../messages/problem-words.ts';
import { count } from '../messages/text.ts';
import { fieldNamed } from './fields.ts';

/** What waits for one person now. */
export async function digestFacts(
  sources: FactSources,
  { person, morning }: { readonly person: string; readonly morning: boolean },
): Promise<DigestFacts> {
  const agreement = sources.agreement();
  const waiting = await waitingFor(sources.db, agreement, {
    person,
    morning,
    now: sources.clock.now(),
  });
  const oldestFirst = <T extends { readonly openedAt: Date }>(all: T[]) =>
    all.sort((a, b) => a.openedAt.getTime() - b.openedAt.getTime());
  return {
    decisions: oldestFirst(waiting.flatMap((one) => decisionsOf(sources, one))),
    unsaved: waiting.flatMap(({ flow, unsaved }) =>
      unsaved.map(({ changeId, title }) => ({ title, flowName: flow.name, reference: changeId })),
    ),
    problems: oldestFirst(waiting.flatMap((one) => problemsOf(sources, one))),
    channels: [...new Set(waiting.map(({ flow }) => flow.channel))],
    command: agreement.command,
    zone: workdayOf(agreement, person).timeZone,
  };
}

function decisionsOf({ entity }: FactSources, { flow, decisions }: Waiting): DigestDecision[] {
  return decisions.map(({ title, fields, openedAt, deadline }) => ({
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
      credentialsNote: null,
    }),
    openedAt,
    blocks: data.waiting ? count(data.waiting, `${noun.one} waits`, `${noun.many} wait`) : null,
    taken: state === 'acknowledged',
  }));
}
