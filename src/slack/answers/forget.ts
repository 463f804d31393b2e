import type { Flow } from '../../agreement/agreement.ts';
import { parseReference } from '../../ledger/correlation-id.ts';
import { type KnownRecord, knownRecord, recordsMeant } from '../../ledger/records/find-records.ts';
import { goesOnAs } from '../../ledger/records/one-record.ts';
import { eraseRecord, type Standing, standingOf } from '../../ledger/sealing/erasures.ts';
import { type Desk, refusalFor } from '../desk.ts';
import { nameOf } from '../facts/rollback.ts';
import type { Drawn } from '../messages/blocks.ts';
import {
  drawForgetAsk,
  erasedBefore,
  erasedNow,
  type ForgetFacts,
  stillInUse,
  stillUnderWay,
  whichToForget,
} from '../messages/lookup/forget.ts';
import { answer, notSeen } from '../messages/refusals.ts';
import { mayAgree, visibleFlows } from '../people.ts';
import type { Asker } from './asker.ts';

/** Says whether a record can be erased, and asks. Nothing is erased by it. */
export async function forgetAnswer(desk: Desk, asker: Asker, words: string): Promise<Drawn> {
  const flows = visibleFlows(asker.person, desk.agreement(), desk.home());
  const entities = [...new Set(flows.map(({ entity }) => entity))];
  const found = await recordsMeant(desk.db, { words, reference: parseReference(words), entities });
  // Two of one name that are one are no choice.
  const ids = new Set<string>();
  for (const { id } of found) ids.add(await goesOnAs(desk.db, id));
  const [record] = found;
  if (!record || ids.size > 1)
    return whichToForget(
      words,
      found.map(({ title }) => title),
      asker.command,
    );
  const facts = await forgettable(desk, asker, record.id);
  return 'answer' in facts ? facts.answer : drawForgetAsk(facts);
}

/** A record that this person may have erased, or the one that goes on in its place, as it stands; or the answer that says why not. */
export async function forgettable(
  desk: Desk,
  asker: Asker,
  recordId: string,
): Promise<ForgetFacts | { readonly answer: Drawn }> {
  const allowed = await mayForget(desk, asker, recordId);
  if ('answer' in allowed) return allowed;
  const { record } = allowed;
  const standing = await standingOf(desk.db, record.id);
  if (standing.kind !== 'ready') return { answer: whyNot(desk, allowed, standing) };
  const { gone, archived } = standing;
  return {
    recordId: record.id,
    ...namesOf(desk, allowed),
    gone: gone.map(desk.labels),
    archived: archived.map(desk.labels),
  };
}

/** The second step was taken: erases it, if it may be still. */
export async function forgetNow(desk: Desk, asker: Asker, recordId: string): Promise<Drawn> {
  const allowed = await mayForget(desk, asker, recordId);
  if ('answer' in allowed) return allowed.answer;
  const { record, flow, flows } = allowed;
  const result = await eraseRecord(desk.db, {
    recordId: record.id,
    flows: [flow.id, ...flows.filter(({ id }) => id !== flow.id).map(({ id }) => id)],
    by: asker.id,
    tell: flow.owners.business.slack,
    agreementVersion: desk.agreement().version,
    now: desk.clock.now(),
  });
  if (result.kind === 'busy')
    return answer('A run is under way just now. Nothing was erased. Please try again in a minute.');
  if (result.kind !== 'erased' || !('reference' in result)) return whyNot(desk, allowed, result);
  desk.log.info(
    { event: 'erased', flow: flow.id, reference: result.reference },
    `${flow.name}: a record was erased by ${asker.id}`,
  );
  return erasedNow(record.title, result.reference, asker.command);
}

interface Allowed {
  /** The one that goes on, where the one that was asked for was made one with it. */
  readonly record: KnownRecord;
  readonly asked: KnownRecord;
  /** The one whose business owner asks, and all of the record's kind. */
  readonly flow: Flow;
  readonly flows: readonly Flow[];
}

/** The business owner alone, as it cannot be undone; what one may not see looks as if it were not there. */
async function mayForget(
  desk: Desk,
  asker: Asker,
  recordId: string,
): Promise<Allowed | { readonly answer: Drawn }> {
  const seen = visibleFlows(asker.person, desk.agreement(), desk.home());
  const entities = seen.map(({ entity }) => entity);
  const asked = await knownRecord(desk.db, recordId, entities);
  const record = asked && (await knownRecord(desk.db, await goesOnAs(desk.db, asked.id), entities));
  const flows = Object.values(desk.agreement().flows).filter(({ entity }) => entity === record?.entity);
  const mine = seen.filter(({ entity }) => entity === record?.entity);
  const flow = mine.find((one) => mayAgree(asker.person, one, desk.home()).kind === 'yes');
  if (asked && record && flow) return { asked, record, flow, flows };
  const [other] = mine;
  const refusal = other && refusalFor(mayAgree(asker.person, other, desk.home()), 'operate');
  return { answer: (record && refusal) ?? answer(notSeen()) };
}

const namesOf = (desk: Desk, { record, asked }: Allowed) => ({
  title: record.title,
  ...(asked.title === record.title ? {} : { askedAs: asked.title }),
  noun: desk.entity(record.entity).noun.one,
});

function whyNot(desk: Desk, allowed: Allowed, standing: Exclude<Standing, { kind: 'ready' }>): Drawn {
  const { title } = allowed.record;
  switch (standing.kind) {
    case 'in_use':
      return stillInUse(namesOf(desk, allowed), standing.connections.map(desk.labels));
    case 'under_way':
      return stillUnderWay(title);
    case 'erased': {
      const { by, at } = standing.erasure;
      return erasedBefore({ by: nameOf(desk.agreement(), by), at }, desk.agreement().timeZone);
    }
  }
}
