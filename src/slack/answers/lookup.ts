import { incidentById } from '../../ledger/records/lookup.ts';
import type { Desk } from '../desk.ts';
import { fullLog } from '../facts/full-log.ts';
import { type Found, findReference } from '../facts/lookup.ts';
import { recordFacts, recordsFor } from '../facts/record.ts';
import { drawAlertLookup } from '../messages/alert/history.ts';
import type { Drawn } from '../messages/blocks.ts';
import { drawCalls, drawChangeLookup, drawNotFound, drawRunLookup } from '../messages/lookup/lookup.ts';
import { drawNoRecord, drawRecord, drawRecords } from '../messages/lookup/record.ts';
import { answer, notSeen } from '../messages/refusals.ts';
import { drawUndoLookup } from '../messages/rollback/rollback.ts';
import { outcomeOf } from '../outcome.ts';
import { visibleFlows } from '../people.ts';
import type { Asker } from './asker.ts';

/** The story behind a reference; the same words for "does not exist" and "not yours". */
export async function lookupAnswer(desk: Desk, asker: Asker, reference: string): Promise<Drawn> {
  const found = await find(desk, asker, reference);
  if (found.kind === 'change') return drawChangeLookup(found);
  if (found.kind === 'rollback') return drawUndoLookup(found.facts);
  if (found.kind === 'alert') return drawAlertLookup(found);
  return found.kind === 'run' ? drawRunLookup(found) : drawNotFound(found);
}

/**
 * The whole log as a file into the asker's own direct messages: Slack shows a file to everybody in the channel it is posted to.
 */
export async function fullLogAnswer(desk: Desk, asker: Asker, reference: string): Promise<Drawn> {
  const found = await find(desk, asker, reference);
  if (found.kind !== 'change' && found.kind !== 'run') return answer(notSeen());
  const content = await fullLog(desk, found);
  try {
    const { channel } = await desk.client.conversations.open({ users: asker.id });
    await desk.client.files.uploadV2({
      channel_id: channel?.id ?? asker.id,
      filename: `${reference}.json`,
      content,
      initial_comment: `The full log of ${reference}. Secrets and personal data are blacked out.`,
    });
    return answer(`The full log of \`${reference}\` is in your direct messages with me.`);
  } catch (error) {
    desk.log.warn(
      { event: 'file_not_sent', reference, outcome: outcomeOf(error) },
      'Slack did not take a file.',
    );
    return answer('Slack did not take the file, so nothing was sent. Please try again in a minute.');
  }
}

/** What was typed is no reference: the number of an alert, or a record by its name, ABN, e-mail address or id. */
export async function searchAnswer(desk: Desk, asker: Asker, words: string): Promise<Drawn> {
  const alert = await alertMeant(desk, asker, words);
  if (alert) return lookupAnswer(desk, asker, alert);
  const seen = seenBy(desk, asker);
  const found = await recordsFor(desk, words, seen);
  const [only, another] = found;
  if (!only) return drawNoRecord({ words, command: asker.command });
  if (another) return drawRecords({ words, found, zone: desk.agreement().timeZone });
  return recordAnswer(desk, asker, only.id);
}

/** One record: where it is, and what happened to it lately. */
export async function recordAnswer(desk: Desk, asker: Asker, id: string): Promise<Drawn> {
  const facts = await recordFacts(desk, id, seenBy(desk, asker));
  return facts ? drawRecord(facts) : answer(notSeen());
}

/** The reference of "alert 118" or "#118", where it belongs to a flow that the asker may see. */
async function alertMeant(desk: Desk, asker: Asker, words: string): Promise<string | null> {
  const [, number] = /^(?:alert\s*#?|#)\s*(\d{1,9})$/i.exec(words.trim()) ?? [];
  const incident = number ? await incidentById(desk.db, Number(number)) : null;
  const mine = incident && seenBy(desk, asker).flows.some(({ id }) => id === incident.flow);
  return mine ? incident.correlationId : null;
}

const seenBy = (desk: Desk, { person, command }: Asker) => ({
  flows: visibleFlows(person, desk.agreement(), desk.home()),
  command,
});

/** One page of its calls. */
export async function callsAnswer(desk: Desk, asker: Asker, reference: string, page: number): Promise<Drawn> {
  const found = await find(desk, asker, reference);
  return found.kind === 'change' || found.kind === 'run' ? drawCalls(found, page) : answer(notSeen());
}

function find(desk: Desk, asker: Asker, reference: string): Promise<Found> {
  return findReference(desk, reference, seenBy(desk, asker));
}
