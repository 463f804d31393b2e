import type { ActiveAgreement, Flow } from '../../agreement/agreement.ts';
import { actingFor } from '../../agreement/deputies.ts';
import { differencesOf, type FlowDifference } from '../../agreement/differences.ts';
import { lineFor, saysSo } from '../../agreement/rulings.ts';
import {
  type AgreementVersion,
  agreementVersion,
  bodyOf,
  versionAfter,
} from '../../ledger/agreement/agreements.ts';
import { wordOf, wordsFor } from '../../ledger/agreement/proposals.ts';
import type { FlowPreview, PreviewCounts } from '../../ledger/tables/agreement.ts';
import type { FactSources } from '../deps.ts';
import type {
  AgreementFacts,
  AgreementStanding,
  DetailEffect,
  RulingFacts,
} from '../messages/agreement/facts.ts';
import { changedWords } from '../messages/agreement/rule-words.ts';
import { count, inSentence, listed } from '../messages/text.ts';
import { fieldNamed } from './fields.ts';

/** What a version of the agreement means for one flow, and what has become of it; null where either is not known. */
export async function agreementFacts(
  sources: FactSources,
  { version, flowId }: { readonly version: number; readonly flowId: string },
  drawing: number,
): Promise<AgreementFacts | null> {
  const { db, entity: entityNamed } = sources;
  const row = await agreementVersion(db, version);
  const before = row?.preview ? await agreementVersion(db, row.preview.against) : null;
  if (!row?.preview || !before) return null;
  const [last, next] = [bodyOf(before), bodyOf(row)];
  const flow = last.flows[flowId];
  if (!flow) return null;
  const preview = row.preview.flows[flowId];
  const named = { ...sources, labels: labelsOf(sources, next) };
  const entity = entityNamed(flow.entity);
  const ends = endsOf({ before, row, next }, flow).map((name) => fieldNamed(entity, name).label);
  return {
    version,
    against: row.preview.against,
    revision: row.revision,
    drawing,
    flowId,
    flowName: flow.name,
    noun: entity.noun,
    zone: last.timeZone,
    state: await standingOf(sources, row, last, flowId),
    says: [...saysOf(named, flow, differencesOf(last, next).get(flowId)), ...ends.map(endWords)],
    records: preview?.records ?? 0,
    details: Object.entries(preview?.fields ?? {}).map(([name, counts]) =>
      detailOf(fieldNamed(entity, name).label, counts),
    ),
    besides: preview ? besidesOf(named, flow, preview) : [],
    ends: preview?.ends ?? false,
    countedAt: new Date(row.preview.countedAt),
    approver: personOf(flow.owners.business),
    technicalOwner: personOf(flow.owners.technical),
    ruling: rulingOf(named, row, flow),
  };
}

const personOf = ({ slack: id, name }: Flow['owners']['business']) => ({ id, name });

/** A version may bring connections that this process does not know yet. */
const labelsOf =
  ({ labels, product }: FactSources, { connections }: ActiveAgreement) =>
  (id: string): string => {
    const system = connections[id]?.system;
    return product && system ? product(system) : labels(id);
  };

async function standingOf(
  { db }: FactSources,
  row: AgreementVersion,
  last: ActiveAgreement,
  flowId: string,
): Promise<AgreementStanding> {
  const approved = wordOf(row, { flow: flowId, as: 'business' });
  const { state, decidedBy, decidedAt } = row;
  const missing = wordsFor(row).filter((word) => !wordOf(row, word));
  const isDone = missing.length === 0;
  if (state === 'refused' && decidedBy && decidedAt) return { kind: 'refused', by: decidedBy, at: decidedAt };
  if (isDone) return { kind: 'counts', approved };
  if (state === 'replaced') return { kind: 'replaced', newer: await versionAfter(db, row.version) };
  if (!approved || row.proposes) return { kind: 'asks' };
  const others = missing.flatMap(({ flow: id }) => {
    const other = last.flows[id];
    return other ? [`${other.name} (${other.owners.business.name})`] : [];
  });
  return { kind: 'waits', ...approved, others };
}

/** The rule that was proposed in Slack, and how far its owners are with it; null for what the file said. */
function rulingOf({ labels, entity }: FactSources, row: AgreementVersion, flow: Flow): RulingFacts | null {
  if (!row.proposes) return null;
  const { field, systemOfRecord, by, tested } = row.proposes;
  const { business, technical } = flow.owners;
  const [first, second] = (['business', 'technical'] as const).map((as) =>
    wordOf(row, { flow: flow.id, as }),
  );
  const one = business.slack === technical.slack;
  return {
    label: fieldNamed(entity(flow.entity), field).label,
    system: labels(systemOfRecord),
    proposedBy: by,
    tested,
    words: one
      ? [{ as: 'business and technical owner', id: business.slack, said: first ?? null }]
      : [
          { as: 'business owner', id: business.slack, said: first ?? null },
          { as: 'technical owner', id: technical.slack, said: second ?? null },
        ],
    line: lineFor(flow, row.proposes).line,
  };
}

/** What an owner is asked by a rule that was proposed; null once they have said it, or it is over. */
export async function ruleThatWaits(
  { db, agreement, labels, entity }: FactSources,
  params: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>> | null> {
  const row = typeof params.version === 'number' ? await agreementVersion(db, params.version) : null;
  const flow = row?.proposes && agreement().flows[row.proposes.flow];
  if (row?.state !== 'proposed' || !row.proposes || !flow) return null;
  const asked = (['business', 'technical'] as const).filter((as) => flow.owners[as].slack === params.to);
  const waits = asked.find((as) => !wordOf(row, { flow: flow.id, as }));
  if (!waits) return null;
  const { field, systemOfRecord, by } = row.proposes;
  const names = Object.values(agreement().people);
  return {
    ...params,
    // Whoever stands in for an owner who is away gives their word.
    to: actingFor(flow.owners[waits]).slack,
    by: names.find(({ slack }) => slack === by)?.name ?? '',
    system: labels(systemOfRecord),
    label: inSentence(fieldNamed(entity(flow.entity), field).label),
  };
}

/** Details of which a new file says otherwise than what owners agreed in Slack. */
const endsOf = (
  {
    before,
    row,
    next,
  }: {
    readonly before: AgreementVersion;
    readonly row: AgreementVersion;
    readonly next: ActiveAgreement;
  },
  flow: Flow,
): string[] =>
  before.rulings
    .filter((ruling) => ruling.flow === flow.id && !saysSo(next, ruling))
    .filter(({ field }) => !row.rulings.some((one) => one.flow === flow.id && one.field === field))
    .map(({ field }) => field);

const endWords = (label: string): string =>
  `This ends what both owners agreed in Slack for the ${inSentence(label)}.`;

const detailOf = (label: string, { examples, ...n }: PreviewCounts): DetailEffect => {
  const counted = (effect: keyof typeof examples) => ({ n: n[effect], examples: examples[effect] });
  return {
    label,
    writes: counted('writes'),
    asks: counted('asks'),
    withdraws: counted('withdraws'),
    holds: counted('holds'),
  };
};

/** What the version says otherwise, in words. */
function saysOf(
  { labels, entity: entityNamed }: FactSources,
  flow: Flow,
  difference: FlowDifference | undefined,
): string[] {
  if (!difference) return [];
  const entity = entityNamed(flow.entity);
  const { fields, joins, leaves, readsAnew, makes, archives } = difference;
  const { many } = entity.noun;
  return [
    ...Object.entries(fields)
      .filter(
        ([, terms]) => terms.before === null || terms.after === null || joins.length + leaves.length === 0,
      )
      .map(([name, terms]) => `${changedWords(fieldNamed(entity, name).label, terms, labels)}.`),
    ...joins.map((id) => `${labels(id)} joins.`),
    ...leaves.map((id) => `${labels(id)} takes part no longer.`),
    ...readsAnew.map((id) => `${labels(id)} is read in another way.`),
    ...Object.entries(makes).map(
      ([id, from]) =>
        `Missing ${many} are made in ${labels(id)} where ${listed(from.map(labels), 'or')} has them.`,
    ),
    ...(archives ? [`What is gone from one system is archived in the others.`] : []),
  ];
}

/** What was counted beside the details. */
function besidesOf({ labels, entity }: FactSources, flow: Flow, preview: FlowPreview): string[] {
  const { one, many } = entity(flow.entity).noun;
  const { makes, unknown, archives } = preview;
  return [
    ...Object.entries(makes)
      .filter(([, n]) => n > 0)
      .map(
        ([id, n]) =>
          `${count(n, `${one} is`, `${many} are`)} missing in ${labels(id)} and will be made there.`,
      ),
    ...Object.entries(unknown).map(
      ([id, n]) =>
        `${count(n, one, many)} will be compared with what ${labels(id)} has, which Truce has not read yet: how many differ is not known.`,
    ),
    ...(archives > 0
      ? [`${count(archives, `${one} that is`, `${many} that are`)} gone will be archived.`]
      : []),
  ];
}
