import {
  actions,
  type BlockIds,
  blockIds,
  bold,
  bullets,
  button,
  context,
  type Drawn,
  header,
  line,
  type Piece,
  rich,
  section,
} from '../blocks.ts';
import { count, escaped, listed, mention, named } from '../text.ts';
import { moment } from '../times.ts';
import type { AgreementFacts, AgreementStanding, DetailEffect } from './facts.ts';
import { drawRulingAsked, drawRulingOver } from './ruling.ts';

const examplesShown = 3;
const linesShown = 20;

/** Asks a sync's owner whether a new version of the agreement may count, with what it would do; and shows what became of it. Pure. */
export function drawAgreement(facts: AgreementFacts): Drawn {
  const id = blockIds(`agreement-${facts.version}-${facts.flowId}`, facts.revision, facts.drawing);
  const { state, ruling } = facts;
  if (ruling)
    return state.kind === 'asks' || state.kind === 'waits'
      ? drawRulingAsked({ ...facts, ruling }, effectBlocks(facts, id), id)
      : drawRulingOver({ ...facts, ruling }, state, id);
  return state.kind === 'asks' ? drawQuestion(facts, id) : drawOutcome(facts, state, id);
}

type Outcome = Exclude<AgreementStanding, { readonly kind: 'asks' }>;

function drawQuestion(facts: AgreementFacts, id: BlockIds): Drawn {
  const { version, against, approver, technicalOwner } = facts;
  const value = (what: string) => `${version}/${facts.flowId}/${what}/r${facts.revision}`;
  const who = `${escaped(approver.name)} can approve`;
  const also = technicalOwner.id === approver.id ? '' : `; ${escaped(technicalOwner.name)} can refuse it too`;
  return {
    text: `${escaped(facts.flowName)}: may version ${version} of the agreement count? It ${sumWords(facts)}. Nothing has changed yet.`,
    blocks: [
      header(id('head'), `May the agreement change? ${named(facts.flowName, 80)}`),
      section(
        id('what'),
        `Version ${version} of the agreement ${sumWords(facts)}. *Nothing has changed yet:* version ${against} goes on until it is approved.`,
      ),
      ...saysBlocks(facts, id),
      ...effectBlocks(facts, id),
      section(
        id('ask'),
        `${who}${also}. Once approved, open decisions are looked at again first, then it goes by the new version.`,
      ),
      actions(id('do'), [
        button({
          action: 'agreement_approve',
          label: 'Approve',
          value: value('approve'),
          says: `Approve version ${version} of the agreement for ${facts.flowName}`,
          style: 'primary',
        }),
        button({
          action: 'agreement_refuse',
          label: 'Refuse',
          value: value('refuse'),
          says: `Refuse version ${version} of the agreement: version ${against} goes on`,
        }),
      ]),
      foot(facts, id),
    ],
  };
}

function drawOutcome(facts: AgreementFacts, state: Outcome, id: BlockIds): Drawn {
  const [short, long] = outcomeWords(facts, state);
  const says = state.kind === 'counts' && !state.approved ? saysBlocks(facts, id) : [];
  const flow = escaped(facts.flowName);
  return {
    text: `${flow}: ${short}.`,
    blocks: [section(id('sum'), `*${flow}: ${short}.* ${long}`), ...says, foot(facts, id)],
  };
}

/** What became of it: in short, and the rest. */
function outcomeWords(facts: AgreementFacts, state: Outcome): [short: string, long: string] {
  const { version, against, zone, noun } = facts;
  switch (state.kind) {
    case 'counts': {
      const none = `It sets no ${noun.one} apart by itself.`;
      if (!state.approved) return [`version ${version} of the agreement counts from now on`, none];
      const { by, at } = state.approved;
      return [
        `version ${version} of the agreement counts`,
        `Approved by ${mention(by)}, ${moment(zone, at)}, who was told that it ${sumWords(facts)}.`,
      ];
    }
    case 'waits':
      return [
        `version ${version} of the agreement is approved here`,
        `By ${mention(state.by)}, ${moment(zone, state.at)}. It counts once ${escaped(listed(state.others))} approved it too; until then version ${against} goes on.`,
      ];
    case 'refused':
      return [
        `version ${version} of the agreement was refused`,
        `By ${mention(state.by)}, ${moment(zone, state.at)}. Version ${against} goes on; nothing was changed. It is not asked again until the agreement’s file says something else.`,
      ];
    case 'replaced':
      return [
        `version ${version} of the agreement was taken back`,
        state.newer === null
          ? `The agreement’s file says what version ${against} says; that goes on. Nothing was changed.`
          : `The agreement’s file changed again: version ${state.newer} took its place. Nothing of version ${version} was carried out.`,
      ];
  }
}

/** "would change 212 values and ask for 37 decisions, in 230 customers" */
function sumWords({ details, records, noun, ends }: AgreementFacts): string {
  const sum = (of: 'writes' | 'asks' | 'withdraws') => details.reduce((total, one) => total + one[of].n, 0);
  const parts = [
    sum('writes') > 0 ? `change ${count(sum('writes'), 'value', 'values')}` : '',
    sum('asks') > 0 ? `ask for ${count(sum('asks'), 'decision', 'decisions')}` : '',
    sum('withdraws') > 0 ? `end ${count(sum('withdraws'), 'open decision', 'open decisions')}` : '',
    ends ? 'end this sync' : '',
  ].filter((part) => part !== '');
  if (parts.length === 0) return `would change what Truce does with your ${noun.many}, as listed here`;
  return `would ${listed(parts)}${ends ? '' : `, in ${count(records, noun.one, noun.many)}`}`;
}

const saysBlocks = ({ says }: AgreementFacts, id: BlockIds): Drawn['blocks'] =>
  says.length === 0
    ? []
    : [
        rich(
          id('says'),
          line(bold('What it says otherwise')),
          bullets(...shortened(says.map((words) => [words]))),
        ),
      ];

function effectBlocks({ details, besides, noun }: AgreementFacts, id: BlockIds): Drawn['blocks'] {
  const lines = [...details.flatMap(detailLines), ...besides.map((words): Piece[] => [words])];
  return lines.length === 0
    ? []
    : [rich(id('counts'), line(bold(`What it does to your ${noun.many}`)), bullets(...shortened(lines)))];
}

function shortened(lines: readonly (readonly Piece[])[]) {
  const left = lines.length - linesShown;
  const shown = left > 0 ? lines.slice(0, linesShown) : lines;
  return [...shown, ...(left > 0 ? [[`and ${left} more`]] : [])].map((pieces) => line(...pieces));
}

function detailLines({ label, writes, asks, withdraws, holds }: DetailEffect): Piece[][] {
  const one = ({ n, examples }: DetailEffect['writes'], words: (n: number) => string): Piece[][] => {
    if (n === 0) return [];
    const shown = examples.slice(0, examplesShown).map((title) => named(title, 60));
    const more = n > shown.length ? ' …' : '';
    const such = shown.length > 0 ? ` (${shown.join(', ')}${more})` : '';
    return [[bold(label), `: ${words(n)}${such}`]];
  };
  return [
    ...one(writes, (n) => count(n, 'gets another value', 'get another value')),
    ...one(asks, (n) => count(n, 'decision is asked for', 'decisions are asked for')),
    ...one(withdraws, (n) => count(n, 'open decision ends', 'open decisions end')),
    ...one(holds, (n) => count(n, 'waits for a person', 'wait for a person')),
  ];
}

const foot = ({ flowName, version, zone, countedAt }: AgreementFacts, id: BlockIds) =>
  context(id('foot'), `${escaped(flowName)} · agreement ${version} · counted ${moment(zone, countedAt)}`);
