import { eq } from 'drizzle-orm';
import { answerAbsence } from '#src/ledger/questions/absence-answers.ts';
import { answerLikeness, undoLikeness } from '#src/ledger/questions/likenesses.ts';
import { askedAbsences } from '#src/ledger/records/absences.ts';
import { answerStop, openStops } from '#src/ledger/runs/safety-stops.ts';
import { likenesses } from '#src/ledger/tables/index.ts';
import type { Dice } from './dice.ts';
import { flowId } from './house.ts';
import type { Living } from './living.ts';
import { somebody } from './people.ts';
import type { ModelWorld } from './world.ts';

/** Answers to questions that are not about a value. Each returns whether there was one. */

/** "Same customer?" */
export async function sayIfSame(world: Living, dice: Dice): Promise<boolean> {
  const { db, clock } = world.house;
  const open = await db.select().from(likenesses).where(eq(likenesses.state, 'open')).orderBy(likenesses.id);
  if (open.length === 0) return false;
  const { id, revision, leftTitle, rightTitle } = dice.pick(open);
  const answer = dice.chance(65) ? 'same' : 'different';
  const result = await answerLikeness(db, { id, revision, answer, by: somebody(dice), now: clock.now() });
  world.note(`  said of ${id}, “${leftTitle}” and “${rightTitle}”: ${answer} → ${result.kind}`);
  return true;
}

/** Somebody takes back that two are one, or are two. */
export async function takeBackSame(world: ModelWorld, dice: Dice): Promise<void> {
  const { db, clock } = world.house;
  const rows = await db.select().from(likenesses).orderBy(likenesses.id);
  const answered = rows.filter(({ answeredAt, undoneAt }) => answeredAt && !undoneAt);
  if (answered.length === 0) return;
  const { id, revision, state } = dice.pick(answered);
  const result = await undoLikeness(db, { id, revision, by: somebody(dice), now: clock.now() });
  world.note(`  took back ${id}, ${state} → ${result.kind}`);
}

/** "More than is usual": go on, or leave it. */
export async function answerSafetyStop(
  world: Living,
  dice: Dice,
  { always = false, flow = flowId }: { readonly always?: boolean; readonly flow?: string } = {},
): Promise<boolean> {
  const { db, clock } = world.house;
  const open = await openStops(db, flow);
  if (open.length === 0) return false;
  const { id, revision, kind } = dice.pick(open);
  const answer = always || dice.chance(80) ? 'approve' : 'refuse';
  const how = { id, revision, answer, by: somebody(dice), now: clock.now() } as const;
  const result = await db.transaction((tx) => answerStop(tx, how));
  world.note(`  safety stop ${id} (${kind}): ${answer} → ${result.kind}`);
  return true;
}

/** "It is gone from …": archive it elsewhere, keep it, make it again. */
export async function answerGone(world: ModelWorld, dice: Dice): Promise<boolean> {
  const { db, clock, agreement } = world.house;
  const open = await askedAbsences(db, flowId);
  if (open.length === 0) return false;
  const { id, revision, choices, recordId, connection } = dice.pick(open);
  const answer = dice.pick(choices);
  const how = {
    id,
    revision,
    answer,
    by: somebody(dice),
    agreementVersion: agreement.version,
    now: clock.now(),
  };
  const result = await db.transaction((tx) => answerAbsence(tx, how));
  if (answer === 'archive' && result.kind === 'answered') world.archivedElsewhere.add(recordId);
  world.note(`  ${recordId} gone from ${connection}: ${answer} → ${result.kind}`);
  return true;
}
