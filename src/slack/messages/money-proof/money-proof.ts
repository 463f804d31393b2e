import type { KnownBlock } from '@slack/types';
import type { MoneyProof } from '../../../entities/proof/money-proof.ts';
import type { ProofFound } from '../../../ledger/tables/money-proofs.ts';
import {
  actions,
  blockIds,
  bold,
  bullets,
  button,
  context,
  type Drawn,
  header,
  line,
  rich,
  section,
} from '../blocks.ts';
import { answer } from '../refusals.ts';
import { count, escaped, named, sentence, spoken } from '../text.ts';
import { moment } from '../times.ts';
import type { MoneyProofFacts } from './facts.ts';
import {
  causeLine,
  clashWords,
  codeWords,
  gapWords,
  money,
  proofHead,
  spanWords,
  sumWords,
  unexplainedWords,
} from './words.ts';

/** Of what nobody can explain so much is named in the channel. */
const shownFindings = 8;
const shownCauses = 10;

/** What the morning's look at the money found without a reason, in the channel of the invoices. Pure. */
export function drawMoneyProof(facts: MoneyProofFacts): Drawn {
  const id = blockIds(`proof-${facts.id}`, facts.still ?? -1, facts.drawing);
  const lines = findingLines(facts);
  const head = channelHead(facts.found);
  if (facts.still === 0) {
    const over = `*${escaped(head)}*, ${moment(facts.zone, facts.at)}: over by now.`;
    return { text: spoken(over), blocks: [section(id('over'), `:white_check_mark: ${over}`)] };
  }
  const shown = lines.slice(0, shownFindings);
  const more = lines.length - shown.length;
  return {
    text: escaped(`${facts.flowName}: ${head}. ${lines[0] ?? ''}`),
    blocks: [
      header(id('head'), `${facts.flowName}: ${head}`),
      rich(
        id('what'),
        bullets(...shown.map((words) => line(words)), ...(more > 0 ? [line(`and ${more} more`)] : [])),
      ),
      ...facts.found.proofs.map((proof, i) => section(id(`sums${i}`), sumLine(proof))),
      actions(id('do'), [showButton(facts)]),
      context(id('foot'), footWords(facts)),
    ],
  };
}

/** What a message is about: numbers that are missing only where there is nothing else. */
function channelHead(found: ProofFound): string {
  const missing = found.gaps.reduce((sum, gap) => sum + gap.count, 0);
  const isHistory =
    found.clashes.length > 0 || found.proofs.some(({ unexplained }) => unexplained.length > 0);
  return isHistory || missing === 0
    ? proofHead(found)
    : count(missing, 'invoice number is missing', 'invoice numbers are missing');
}

function findingLines({ found: { proofs, gaps, clashes } }: MoneyProofFacts): string[] {
  const odd = proofs.flatMap(({ currency, unexplained }) =>
    unexplained.map((one) => `${named(one.title, 60)}: ${unexplainedWords(one, currency)}`),
  );
  return [...odd, ...clashes.map(clashWords), ...gaps.map(gapWords)];
}

const sumLine = (proof: MoneyProof): string =>
  `*${escaped(sentence(spanWords(proof)))}:* ${escaped(sumWords(proof.sums, proof.currency))}.`;

const showButton = ({ flowId, flowName }: MoneyProofFacts) =>
  button({
    action: 'proof_show',
    label: 'All reasons',
    value: flowId,
    says: `Show all reasons for differences in the money of ${named(flowName, 40)}`,
  });

const footWords = ({ zone, at, still, command, flowId }: MoneyProofFacts): string => {
  const left =
    still === null ? '' : ` ${still} of this ${still === 1 ? 'is' : 'are'} without a reason still.`;
  return `Deals against invoices against payments, ${moment(zone, at)}. Every other cent has its reason.${left} All of it: \`${escaped(command)} proof ${escaped(flowId)}\``;
};

/** `/sync proof`: the sums, and every difference with its reason. Pure. */
export function drawProofAnswer(facts: MoneyProofFacts): Drawn {
  const { found, flowName, zone, at } = facts;
  const title = `*${escaped(flowName)}: ${escaped(proofHead(facts.found))}* (${moment(zone, at)})`;
  const lines = findingLines(facts).slice(0, shownFindings);
  return {
    text: spoken(title),
    blocks: [
      section('title', title),
      ...(lines.length > 0
        ? [rich('odd', line(bold('Without a reason, or odd:')), bullets(...lines.map((one) => line(one))))]
        : []),
      ...found.proofs.slice(0, 6).flatMap((proof, i) => proofBlocks(proof, `proof${i}`)),
      ...(found.proofs.length === 0
        ? [section('none', 'No deal was won, no invoice made and nothing paid yet.')]
        : []),
      context('next', `Next: \`${escaped(facts.command)} status ${escaped(facts.flowId)}\``),
    ],
  };
}

function proofBlocks(proof: MoneyProof, id: string): KnownBlock[] {
  const { causes, currency, codes, sums } = proof;
  const step = (name: 'invoiced' | 'paid', words: string, apart: number): KnownBlock[] => {
    const own = causes.filter((one) => one.step === name);
    if (own.length === 0) return [];
    const more = own.length - shownCauses;
    const lines = own.slice(0, shownCauses).map((one) => line(causeLine(one, currency)));
    return [
      rich(
        `${id}.${name}`,
        line(bold(`${words}, ${money(apart, currency)}:`)),
        bullets(...lines, ...(more > 0 ? [line(`and ${more} more`)] : [])),
      ),
    ];
  };
  return [
    section(
      `${id}.sums`,
      [
        sumLine(proof),
        ...codes
          .filter(isCounted)
          .slice(0, 8)
          .map((row) => codeLine(row, currency)),
      ].join('\n'),
    ),
    ...step('invoiced', 'From sold to invoiced', sums.sold - sums.invoiced),
    ...step('paid', 'From invoiced to paid', sums.invoiced - sums.paid),
  ];
}

const isCounted = ({ sold, invoiced, paid }: MoneyProof['sums']): boolean =>
  sold !== 0 || invoiced !== 0 || paid !== 0;

const codeLine = (row: MoneyProof['codes'][number], currency: string): string =>
  escaped(`${codeWords(row.code)}: ${sumWords(row, currency)}`);

/** There is nothing to look at. */
export const noProof = (command: string): Drawn =>
  answer(
    `*No sync of invoices is set up whose deals and invoices are in two systems.* Next: \`${escaped(command)} status\``,
  );
