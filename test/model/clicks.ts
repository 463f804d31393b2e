import { eq } from 'drizzle-orm';
import { customer } from '#src/entities/customer.ts';
import { reopen } from '#src/ledger/changes/reprocess.ts';
import { decideConflict } from '#src/ledger/questions/decisions.ts';
import type { ConflictOption } from '#src/ledger/tables/changes.ts';
import { conflicts } from '#src/ledger/tables/index.ts';
import type { PracticeSystem } from '#src/playground/vendors/vendor.ts';
import { fieldNamed } from '#src/slack/facts/fields.ts';
import { approvingOf } from '#src/slack/facts/two-people.ts';
import { tokenOf, typedIn } from './canonical.ts';
import { type Cell, knownIn } from './chronicle.ts';
import type { Dice } from './dice.ts';
import { choiceKey } from './examine.ts';
import { flowId } from './house.ts';
import { expiredQuestions, openChanges, openQuestions, type Question } from './ledger.ts';
import { priya, somebody } from './people.ts';
import { canHold, type FieldName, sheetOf, type Token } from './vocabulary.ts';
import { isFieldName, type ModelWorld } from './world.ts';

/** Somebody looks at Slack: what is shown now is what a later click was made on. */
export async function lookAtSlack(world: ModelWorld): Promise<Question[]> {
  const open = await openQuestions(world.house.db);
  world.shown.push(...open);
  if (world.shown.length > 40) world.shown.splice(0, world.shown.length - 40);
  return open;
}

/** Answers a question as it stands now. */
export async function decide(world: ModelWorld, dice: Dice): Promise<boolean> {
  const open = await lookAtSlack(world);
  if (open.length === 0) return false;
  await press(world, dice, dice.pick(open));
  return true;
}

/** Presses a button that has been on somebody's screen for a while. */
export async function pressOld(world: ModelWorld, dice: Dice): Promise<void> {
  if (world.shown.length === 0) return;
  const open = await openQuestions(world.house.db);
  // Best of all one whose values have moved since: that is the press that must not count.
  const moved = world.shown.filter((old) =>
    open.some((now) => now.id === old.id && now.revision > old.revision),
  );
  await press(world, dice, dice.pick(moved.length > 0 && dice.chance(80) ? moved : world.shown));
}

interface Choice {
  readonly from: string;
  readonly token: Token;
}

function choiceOf(world: ModelWorld, dice: Dice, question: Question): Choice {
  const field = question.field as FieldName;
  const fromOptions = question.options.map(({ connection, value }) => ({
    from: connection,
    token: tokenOf(field, value),
  }));
  const before = { from: 'agreed', token: tokenOf(field, question.agreedBefore) };
  const choices = [...fromOptions, before].filter(({ token }) => token !== '' || sheetOf(field).canBeEmpty);
  if (dice.chance(12) || choices.length === 0)
    return { from: 'other', token: sheetOf(field).fresh(world.next(), dice) };
  return dice.pick(choices);
}

async function press(world: ModelWorld, dice: Dice, question: Question): Promise<void> {
  const { house } = world;
  if (!isFieldName(question.field)) return;
  const { from, token } = choiceOf(world, dice, question);
  const { changeId, field, revision } = question;
  const by = somebody(dice);
  const flow = house.agreement.flows[flowId];
  const result = await decideConflict(house.db, {
    changeId,
    field,
    from,
    ...(from === 'other' ? { value: typedIn(field, token) } : {}),
    revision,
    by,
    now: house.clock.now(),
    agreementVersion: house.agreement.version,
    twoPeople: flow ? approvingOf(flow, fieldNamed(customer, field)) : null,
  });
  world.note(
    `  ${by} pressed ${changeId} ${field} revision ${revision}: ${from} “${token}” → ${result.kind}`,
  );
  const first = world.firsts.get(question.id);
  if (result.kind === 'first') world.firsts.set(question.id, { by, token });
  if (result.kind !== 'decided') return;
  await noteChoice(world, { ...question, field }, { from, token });
  if (!flow?.fields[field]?.twoPeople || token === tokenOf(field, question.agreedBefore)) return;
  const isSeconded = first !== undefined && first.by !== by && first.token === token;
  if (!isSeconded)
    world.wrong(
      'one person alone decided what needs two',
      `${question.id}: ${by} “${token}”, first ${JSON.stringify(first)}`,
    );
}

async function noteChoice(
  world: ModelWorld,
  question: Question & { readonly field: FieldName },
  { from, token }: Choice,
): Promise<void> {
  const [row] = await world.house.db.select().from(conflicts).where(eq(conflicts.id, question.id));
  const taken = row?.chosen ? tokenOf(question.field, row.chosen.value) : null;
  if (taken !== token)
    world.wrong(
      'a press took another value than the one that was shown',
      `${question.id}: ${from} showed “${token}”, taken was “${taken}”`,
    );
  if (row) choose(world, { ...question, options: row.options }, token);
}

/** A value was chosen by somebody who had seen these: it may take the place of each of them. */
function choose(world: ModelWorld, question: Question, token: Token): void {
  const field = question.field as FieldName;
  const key = choiceKey(question.recordId, field);
  const before = world.choices.get(key) ?? [];
  // What was decided against once is still decided against.
  const word = world.chronicle.chosen(token, [
    ...seenIn(world, question, field).map(knownIn),
    ...before.map(({ knows }) => knows),
  ]);
  world.choices.set(key, [...before, word]);
}

function seenIn(world: ModelWorld, question: Question, field: FieldName): Cell[] {
  const group = world.groups.all.find(({ recordId }) => recordId === question.recordId);
  const shown = new Map(
    question.options.map((option: ConflictOption) => [option.connection, tokenOf(field, option.value)]),
  );
  return (group?.places ?? []).flatMap((place) => {
    const token = shown.get(place.system);
    if (token === undefined || !canHold(place.system as PracticeSystem, field) || !world.chronicle.has(place))
      return [];
    return world.chronicle
      .history(place, field)
      .filter((cell) => cell.token === token)
      .slice(-1);
  });
}

/** Questions whose time was up: where the owner's value goes out then, that is a choice too. */
export async function noteExpired(world: ModelWorld, known: Set<string>): Promise<void> {
  for (const question of await expiredQuestions(world.house.db)) {
    if (known.has(question.id) || !isFieldName(question.field)) continue;
    known.add(question.id);
    const owner = world.house.agreement.flows.customers?.fields[question.field]?.systemOfRecord;
    const given = question.options.find(({ connection }) => connection === owner);
    if (given) choose(world, question, tokenOf(question.field, given.value));
  }
}

/** Somebody runs again what did not work, or waits. */
export async function reprocess(world: ModelWorld, dice: Dice): Promise<void> {
  const waiting = (await openChanges(world.house.db)).filter(
    ({ state }) => state === 'failed' || state === 'held',
  );
  if (waiting.length === 0) return;
  const { id } = dice.pick(waiting);
  const done = await reopen(world.house.db, { changeId: id, by: priya, now: world.house.clock.now() });
  world.note(`  asked to run ${id} again → ${done}`);
}
