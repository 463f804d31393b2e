import type { Flow } from '../../agreement/agreement.ts';
import { type Field, same } from '../../entities/field.ts';
import { newestPicks, type PastCase, type Pick, pastCases } from '../../ledger/case-law.ts';
import type { Change } from '../../ledger/changes.ts';
import type { FactSources } from '../deps.ts';
import type { DifferentCase, MakeRuleFacts } from '../messages/case-law.ts';
import type { DecisionFacts, FieldFacts } from '../messages/decision-facts.ts';
import { isUserId } from '../messages/text.ts';
import { fieldNamed, showValue } from './fields.ts';

/** The same pick so often in a row makes a custom. */
const inARow = 5;
/** Decisions looked at for it: those between other systems stand between and do not count. */
const lookedAt = 50;
/** Days that are gone through with the rule, as if it had been one. */
const backTestDays = 90;
const day = 24 * 3_600_000;

/** The system whose value people took each of the last times between the same systems; null where there is no such custom. Pure. */
export function customOf(
  picks: readonly Pick[],
): { readonly from: string; readonly against: readonly string[] } | null {
  const [last] = picks;
  if (!last?.changed.includes(last.from) || last.changed.length < 2) return null;
  const between = JSON.stringify(last.changed);
  const alike = picks.filter(({ changed }) => JSON.stringify(changed) === between).slice(0, inARow);
  const isCustom =
    alike.length === inARow && alike.every(({ from, undone }) => from === last.from && !undone);
  return isCustom ? { from: last.from, against: last.changed.filter((one) => one !== last.from) } : null;
}

/** The first of the details just settled of which people always take one system's value, and no rule says so yet. */
export async function customFacts(
  { db, labels }: FactSources,
  flow: Flow,
  change: Change,
  fields: readonly FieldFacts[],
): Promise<DecisionFacts['custom']> {
  if (change.state !== 'settled') return null;
  for (const { name, state, chosen } of fields) {
    if (state !== 'confirmed' || !isUserId(chosen?.by ?? '') || !mayBecomeRule(flow, name)) continue;
    const about = { flow: flow.id, field: name, upTo: change.id, limit: lookedAt };
    const custom = customOf(await newestPicks(db, about));
    if (custom) return { field: name, system: labels(custom.from) };
  }
  return null;
}

/** What two people choose never becomes one system's alone by custom. */
const mayBecomeRule = ({ fields }: Flow, name: string): boolean => {
  const terms = fields[name];
  return terms !== undefined && !terms.twoPeople && (terms.rule === 'review' || terms.rule === 'approve');
};

/** What the custom would have done as a rule, and what to write for it; null where there is no custom any more. */
export async function makeRuleFacts(
  { db, labels, entity, clock }: FactSources,
  flow: Flow,
  { changeId, field: name }: { readonly changeId: string; readonly field: string },
): Promise<MakeRuleFacts | null> {
  const about = { flow: flow.id, field: name };
  const picks = { ...about, limit: lookedAt };
  const custom = customOf(await newestPicks(db, { ...picks, upTo: changeId }));
  if (!custom || !mayBecomeRule(flow, name)) return null;
  const between = JSON.stringify([custom.from, ...custom.against].sort());
  const sinceThen = (await newestPicks(db, { ...picks, upTo: null })).filter(
    ({ changed }) => JSON.stringify(changed) === between,
  );
  if (customOf(sinceThen)?.from !== custom.from) return null;
  const field = fieldNamed(entity(flow.entity), name);
  const since = new Date(clock.now().getTime() - backTestDays * day);
  const { same: n, different } = backTest(await pastCases(db, { ...about, since }), custom.from, field);
  return {
    label: field.label,
    times: inARow,
    system: labels(custom.from),
    against: custom.against.map(labels),
    days: backTestDays,
    same: n,
    different: different.map((one) => wordsOf(one, field, custom.from, labels)),
    place: `flows → ${flow.id} → fields`,
    line: ruleLine(flow, name, custom.from),
    approvers: [flow.owners.business.name],
    technicalOwner: flow.owners.technical.name,
  };
}

/** How many would have ended the same had one system's value always been taken, and those that would not. Pure. */
export function backTest(
  past: readonly PastCase[],
  owner: string,
  field: Field,
): { readonly same: number; readonly different: readonly PastCase[] } {
  const different = past.filter((one) => {
    if (one.kind === 'flowed') return !one.changed.includes(owner);
    const own = one.options.find(({ connection }) => connection === owner);
    return !own || !same(field, own.value, one.value);
  });
  return { same: past.length - different.length, different };
}

function wordsOf(past: PastCase, field: Field, owner: string, labels: FactSources['labels']): DifferentCase {
  if (past.kind === 'flowed')
    return { title: past.title, kind: 'put_back', systems: past.changed.map(labels) };
  const own = past.options.find(({ connection }) => connection === owner);
  return {
    title: past.title,
    kind: 'chosen',
    shown: showValue(field, past.value),
    instead: showValue(field, own?.value),
  };
}

/** As it is to stand in `truce.yml`; what else the line said of who takes part stays. */
function ruleLine(flow: Flow, name: string, owner: string): string {
  const between = flow.fields[name]?.between ?? flow.connections;
  const isAll = flow.connections.every((one) => between.includes(one));
  const part = isAll ? '' : `, between: [${between.join(', ')}]`;
  return `${name}: { rule: overwrite, system_of_record: ${owner}${part} }`;
}
