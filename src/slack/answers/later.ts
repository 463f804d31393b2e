import { addresseeOf } from '../../alerts/addressee.ts';
import { workdayOf } from '../../alerts/hours.ts';
import { laterTimes } from '../../alerts/later-times.ts';
import { putOff, takeUpAgain } from '../../ledger/questions/laters.ts';
import { questionsOf } from '../../ledger/records/lookup.ts';
import type { Desk } from '../desk.ts';
import type { Drawn } from '../messages/blocks.ts';
import { drawLaterAsk, drawLaterTaken, laterIsPast, laterTakenBack } from '../messages/decision/later.ts';
import { nothingToDecide } from '../messages/refusals.ts';
import type { Asker } from './asker.ts';
import { decidable } from './decide.ts';

const furthest = 9 * 24 * 3_600_000;

/** "Later…": when to be reminded of it. */
export async function askLater(desk: Desk, asker: Asker, changeId: string): Promise<Drawn> {
  const found = await openDecision(desk, asker, changeId);
  if ('answer' in found) return found.answer;
  const { workday } = await addresseeOf(desk.db, desk.agreement(), asker.id);
  return drawLaterAsk({ ...found, times: laterTimes(workday, desk.clock.now()), zone: workday.timeZone });
}

/** "Tomorrow, 9:00 am": this person's reminders alone wait until then. */
export async function remindLater(
  desk: Desk,
  asker: Asker,
  { changeId, until }: { readonly changeId: string; readonly until: Date },
): Promise<Drawn> {
  const found = await openDecision(desk, asker, changeId);
  if ('answer' in found) return found.answer;
  const now = desk.clock.now();
  if (!(until > now && until.getTime() - now.getTime() < furthest)) return laterIsPast();
  await putOff(desk.db, { changeId, by: asker.id, until, now });
  return drawLaterTaken({ ...found, until, zone: workdayOf(desk.agreement(), asker.id).timeZone });
}

/** "As usual". */
export async function remindAsUsual(desk: Desk, asker: Asker, changeId: string): Promise<Drawn> {
  const found = await openDecision(desk, asker, changeId);
  if ('answer' in found) return found.answer;
  await takeUpAgain(desk.db, { changeId, by: asker.id });
  return laterTakenBack(found.title);
}

async function openDecision(desk: Desk, asker: Asker, changeId: string) {
  const found = await decidable(desk, asker, changeId);
  if ('answer' in found) return found;
  const open = (await questionsOf(desk.db, changeId)).filter(({ state }) => state === 'open');
  if (open.length === 0) return { answer: nothingToDecide(found.change.state) };
  const limits = open.flatMap(({ deadline }) => deadline ?? []).sort((a, b) => a.getTime() - b.getTime());
  return { changeId, title: found.change.subject, deadline: limits[0] ?? null };
}
