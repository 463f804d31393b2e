import { eq } from 'drizzle-orm';
import { product } from '#src/entities/product.ts';
import { reopen } from '#src/ledger/changes/reprocess.ts';
import { answerAbsence } from '#src/ledger/questions/absence-answers.ts';
import { decideConflict } from '#src/ledger/questions/decisions.ts';
import { askedAbsences } from '#src/ledger/records/absences.ts';
import { conflicts } from '#src/ledger/tables/index.ts';
import { fieldNamed } from '#src/slack/facts/fields.ts';
import { approvingOf } from '#src/slack/facts/two-people.ts';
import type { Dice } from '../dice.ts';
import { openChanges, openQuestions, type Question } from '../ledger.ts';
import { priya, somebody } from '../people.ts';
import { flowIds } from './agreement.ts';
import { fresh, type ProductField, productFields, type Token, tokenOf } from './sheet.ts';
import type { SalesWorld } from './world.ts';

/** Somebody looks at Slack: what is shown now is what a later click was made on. */
export async function lookAtSlack(world: SalesWorld): Promise<Question[]> {
  const open = await openQuestions(world.house.db);
  world.shown.push(...open);
  if (world.shown.length > 40) world.shown.splice(0, world.shown.length - 40);
  return open;
}

export async function decide(world: SalesWorld, dice: Dice): Promise<boolean> {
  const open = await lookAtSlack(world);
  if (open.length === 0) return false;
  await press(world, dice, dice.pick(open));
  return true;
}

/** Presses a button that has been on somebody's screen for a while. */
export async function pressOld(world: SalesWorld, dice: Dice): Promise<void> {
  if (world.shown.length > 0) await press(world, dice, dice.pick(world.shown));
}

const isOfProduct = (field: string): field is ProductField =>
  (productFields as readonly string[]).includes(field);

async function press(world: SalesWorld, dice: Dice, question: Question): Promise<void> {
  const { house } = world;
  const { changeId, field, revision, options } = question;
  const [row] = await house.db.select().from(conflicts).where(eq(conflicts.id, question.id));
  const flow = house.agreement.flows[row?.flow ?? ''];
  if (!row || !flow) return;
  const offers = offersOf(question, field);
  const isOther = isOfProduct(field) && flow.entity === 'product' && (offers.length === 0 || dice.chance(15));
  const value = isOther ? fresh(field, world.next(), dice) : null;
  const from = value === null ? dice.pick(offers) : 'other';
  const result = await decideConflict(house.db, {
    ...{ changeId, field, from, revision, by: somebody(dice), now: house.clock.now() },
    ...(value === null ? {} : { value }),
    agreementVersion: house.agreement.version,
    twoPeople: flow.entity === 'product' ? approvingOf(flow, fieldNamed(product, field)) : null,
  });
  world.note(`  pressed ${changeId} ${field} revision ${revision}: ${from} ${value ?? ''} → ${result.kind}`);
  if (result.kind !== 'decided' || !isOfProduct(field)) return;
  const [after] = await house.db.select().from(conflicts).where(eq(conflicts.id, question.id));
  const taken = tokenIn(field, after?.chosen?.value ?? null);
  const sku = world.groups.all.find(({ recordId }) => recordId === question.recordId)?.key ?? '';
  world.said.chosen(sku, field, taken);
  const offered = [
    ...options.map((option) => tokenIn(field, option.value)),
    tokenIn(field, question.agreedBefore),
  ];
  if (value === null && !offered.includes(taken))
    world.wrong('a press took another value than one that was shown', `${question.id}: “${taken}”`);
}

/** Nobody chooses that a product has no price or no GST code: not every system can hold that. */
function offersOf({ options, agreedBefore }: Question, field: string): string[] {
  const canBeEmpty = !isOfProduct(field) || field === 'description';
  const all = [
    ...options.map(({ connection, value }) => ({ from: connection, value })),
    { from: 'agreed', value: agreedBefore },
  ];
  return all.filter(({ value }) => canBeEmpty || value !== null).map(({ from }) => from);
}

const tokenIn = (field: ProductField, value: unknown): Token =>
  value === null || value === undefined ? '' : tokenOf(field, 'hubspot', String(value));

/** "It is gone from …" */
export async function answerGone(world: SalesWorld, dice: Dice): Promise<boolean> {
  const { db, clock, agreement } = world.house;
  for (const flow of flowIds) {
    const [first] = await askedAbsences(db, flow);
    if (!first) continue;
    const { id, revision, choices } = first;
    const how = {
      ...{ id, revision, answer: dice.pick(choices), by: somebody(dice), now: clock.now() },
      agreementVersion: agreement.version,
    };
    const result = await db.transaction((tx) => answerAbsence(tx, how));
    world.note(`  ${first.recordId} gone from ${first.connection}: ${how.answer} → ${result.kind}`);
    return true;
  }
  return false;
}

/** Somebody runs again what did not work, or waits. */
export async function reprocess(world: SalesWorld, dice: Dice): Promise<void> {
  const waiting = (await openChanges(world.house.db)).filter(
    ({ state }) => state === 'failed' || state === 'held',
  );
  if (waiting.length === 0) return;
  const { id, subject } = dice.pick(waiting);
  const done = await reopen(world.house.db, { changeId: id, by: priya, now: world.house.clock.now() });
  world.note(`  asked to run ${id} ${subject} again → ${done}`);
}
