import type { Flow } from '../../agreement/agreement.ts';
import type { FieldValue } from '../../entities/field.ts';
import type { Change } from '../../ledger/changes/changes.ts';
import { type DecideResult, decideConflict, takeBackApproval } from '../../ledger/questions/decisions.ts';
import { changeById } from '../../ledger/records/lookup.ts';
import { flowOf } from '../deps.ts';
import { type Desk, refusalFor, wakeFor } from '../desk.ts';
import { fieldNamed, fromWords } from '../facts/fields.ts';
import { approvingOf } from '../facts/two-people.ts';
import type { Drawn } from '../messages/blocks.ts';
import {
  alreadyDecided,
  answer,
  approvedAlready,
  approvedInstead,
  countsAsOne,
  nothingToDecide,
  nothingToTakeBack,
  otherAgreement,
  outdated,
  ownChange,
} from '../messages/refusals.ts';
import { escaped, inSentence } from '../messages/text.ts';
import { mayDecide } from '../people.ts';
import type { Asker } from './asker.ts';
import { savedLater } from './pause.ts';

export interface Choice {
  readonly changeId: string;
  readonly field: string;
  /** A connection, `agreed`, or `other`. */
  readonly from: string;
  readonly value?: FieldValue | null;
  /** What the first of two people chose is taken, whatever it is. */
  readonly approves?: boolean;
  readonly revision: number;
}

/** The change and flow of a decision, if this person may decide it; else what to answer. */
export async function decidable(
  desk: Desk,
  asker: Asker,
  changeId: string,
): Promise<{ change: Change; flow: Flow } | { answer: Drawn }> {
  const change = await changeById(desk.db, changeId);
  const flow = change && flowOf(desk.agreement(), change.flow);
  if (!change || !flow) return { answer: nothingToDecide('unknown') };
  const refusal = refusalFor(mayDecide(asker.person, flow, desk.home()), 'decide');
  return refusal ? { answer: refusal } : { change, flow };
}

/** Takes one person's choice, at most once, and wakes the run that carries it out. Null = taken: the message itself shows it. */
export async function decide(desk: Desk, asker: Asker, choice: Choice): Promise<Drawn | null> {
  const found = await decidable(desk, asker, choice.changeId);
  if ('answer' in found) return found.answer;
  const { change, flow } = found;
  const problem = whyUnfit(desk, flow, choice);
  if (problem) return problem;
  const result = await decideOne(desk, asker, found, choice);
  if (result.kind !== 'decided') return refused(desk, asker, flow, choice.field, result);
  await wakeFor(desk, {
    flow: flow.id,
    trigger: 'decision',
    askedBy: asker.id,
    ...(change.recordId ? { targets: [change.recordId] } : {}),
  });
  return savedLater(desk, flow);
}

/** What a modal let pass is checked again by the field of the change's own sync: the answer where it is not fit to be saved. */
export function whyUnfit(
  desk: Pick<Desk, 'entity'>,
  flow: Pick<Flow, 'entity'>,
  { field: name, value }: Pick<Choice, 'field' | 'value'>,
): Drawn | null {
  if (value === undefined || value === null) return null;
  const problem = fieldNamed(desk.entity(flow.entity), name).problem(value);
  return problem ? answer(`${escaped(problem)}\nNothing was saved. Please type it again.`) : null;
}

/** The choice alone, of somebody who may decide: the one way in which a decision comes about. */
export async function decideOne(
  desk: Desk,
  asker: Asker,
  { change, flow }: { readonly change: Change; readonly flow: Flow },
  choice: Choice,
): Promise<DecideResult> {
  const result = await decideConflict(desk.db, {
    ...choice,
    by: asker.id,
    now: desk.clock.now(),
    agreementVersion: desk.agreement().version,
    twoPeople: approvingOf(flow, fieldNamed(desk.entity(flow.entity), choice.field)),
  });
  if (result.kind === 'decided')
    desk.log.info(
      { event: 'decided', reference: change.id, flow: flow.id },
      `${flow.name}: decided, the ${label(desk, flow, choice.field)} of ${change.subject}`,
    );
  return result;
}

function refused(
  desk: Desk,
  asker: Asker,
  flow: Flow,
  field: string,
  result: Exclude<DecideResult, { kind: 'decided' }>,
): Drawn | null {
  const zone = desk.agreement().timeZone;
  switch (result.kind) {
    case 'already':
      return alreadyDecided({
        ...result,
        what: fromWords(result.from, desk.labels) ?? 'another value',
        zone,
        me: asker.id,
      });
    case 'first':
      return result.instead === null ? null : approvedInstead(result.instead, result.seconds);
    case 'again':
      return approvedAlready({ ...result, zone });
    case 'editor':
      return ownChange(result.connections.map(desk.labels), result.can);
    case 'same_person':
      return countsAsOne(result);
    case 'other_agreement':
      return otherAgreement();
    case 'outdated':
      return outdated(label(desk, flow, field), result.at, zone);
    case 'closed':
      return nothingToDecide(result.state);
  }
}

/** The first of two people takes their own approval back. Null = done: the message itself shows it. */
export async function takeBack(
  desk: Desk,
  asker: Asker,
  { changeId, field }: Pick<Choice, 'changeId' | 'field'>,
): Promise<Drawn | null> {
  const found = await decidable(desk, asker, changeId);
  if ('answer' in found) return found.answer;
  const result = await takeBackApproval(desk.db, { changeId, field, by: asker.id, now: desk.clock.now() });
  return result.kind === 'taken_back' ? null : nothingToTakeBack(result.kind === 'others' ? result.by : null);
}

const label = (desk: Desk, flow: Flow, field: string): string =>
  inSentence(fieldNamed(desk.entity(flow.entity), field).label);
