import type { Flow } from '../../agreement/agreement.ts';
import { lineFor } from '../../agreement/rulings.ts';
import { type Field, same } from '../../entities/field.ts';
import { openProposal } from '../../ledger/agreement/agreements.ts';
import { newestPicks, type PastCase, type Pick, pastCases } from '../../ledger/agreement/case-law.ts';
import { refusedRuling } from '../../ledger/agreement/rulings.ts';
import type { Change } from '../../ledger/changes/changes.ts';
import type { Ruling } from '../../ledger/tables/agreement.ts';
import type { FactSources } from '../deps.ts';
import type { DifferentCase, MakeRuleFacts } from '../messages/agreement/case-law.ts';
import type { DecisionFacts, FieldFacts } from '../messages/decision/facts.ts';
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
    const custom = await customSince(db, about);
    if (custom) return { field: name, system: labels(custom.from) };
  }
  return null;
}

type Custom = NonNullable<ReturnType<typeof customOf>>;

/** What was refused as a rule is offered again only after the same choice as many times since. */
async function customSince(
  db: FactSources['db'],
  about: Parameters<typeof newestPicks>[1],
): Promise<Custom | null> {
  const picks = await newestPicks(db, about);
  const custom = customOf(picks);
  if (!custom) return null;
  const refused = await refusedRuling(db, { ...about, systemOfRecord: custom.from });
  return refused ? customOf(picks.filter(({ at }) => at > refused)) : custom;
}

/** What two people choose never becomes one system's alone by custom. */
const mayBecomeRule = ({ fields }: Flow, name: string): boolean => {
  const terms = fields[name];
  return terms !== undefined && !terms.twoPeople && (terms.rule === 'review' || terms.rule === 'approve');
};

export interface RuleAsked {
  readonly changeId: string;
  readonly field: string;
  /** Where it was pressed. */
  readonly channel: string;
}

/** What the custom would have done as a rule, and what to write for it; null where there is no custom any more. */
export async function makeRuleFacts(
  { db, labels, entity, clock }: FactSources,
  flow: Flow,
  { changeId, field: name, channel }: RuleAsked,
): Promise<(MakeRuleFacts & { readonly systemOfRecord: string }) | null> {
  const about = { flow: flow.id, field: name };
  const picks = { ...about, limit: lookedAt };
  const custom = await customSince(db, { ...picks, upTo: changeId });
  if (!custom || !mayBecomeRule(flow, name)) return null;
  const between = JSON.stringify([custom.from, ...custom.against].sort());
  const sinceThen = (await newestPicks(db, { ...picks, upTo: null })).filter(
    ({ changed }) => JSON.stringify(changed) === between,
  );
  if (customOf(sinceThen)?.from !== custom.from) return null;
  const field = fieldNamed(entity(flow.entity), name);
  const since = new Date(clock.now().getTime() - backTestDays * day);
  const { same: n, different } = backTest(await pastCases(db, { ...about, since }), custom.from, field);
  const waits = await openProposal(db);
  const { business, technical } = flow.owners;
  return {
    metadata: `${changeId}/${name}/${channel}`,
    systemOfRecord: custom.from,
    label: field.label,
    times: inARow,
    system: labels(custom.from),
    against: custom.against.map(labels),
    days: backTestDays,
    same: n,
    different: different.map((one) => wordsOf(one, field, custom.from, labels)),
    ...lineFor(flow, { field: name, systemOfRecord: custom.from }),
    owners: [...new Set([business.name, technical.name])],
    channel: flow.channel,
    waits: waits && { version: waits.version, isThis: isThis(waits.proposes, flow, name, custom) },
  };
}

const isThis = (proposes: Ruling | null, { id }: Flow, field: string, { from }: Custom): boolean =>
  proposes?.flow === id && proposes.field === field && proposes.systemOfRecord === from;

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
