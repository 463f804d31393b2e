import {
  actions,
  type BlockIds,
  bold,
  bullets,
  button,
  code,
  context,
  type Drawn,
  header,
  line,
  person,
  rich,
  section,
} from '../blocks.ts';
import { escaped, inSentence, listed, mention, named } from '../text.ts';
import { moment, richMoment } from '../times.ts';
import { allSame } from './case-law.ts';
import type { AgreementFacts, RulingFacts } from './facts.ts';

type Drawing = AgreementFacts & { readonly ruling: RulingFacts };
type Outcome = Exclude<AgreementFacts['state'], { readonly kind: 'asks' | 'waits' }>;

/** "Xero decides over the billing address" */
const ruleWords = ({ system, label }: RulingFacts): string =>
  `${system} decides over the ${inSentence(label)}`;

/** Asks both owners whether what people always choose may be the rule. Pure. */
export function drawRulingAsked(facts: Drawing, effects: Drawn['blocks'], id: BlockIds): Drawn {
  const { ruling, flowName, version } = facts;
  const { system, label, proposedBy, words } = ruling;
  const value = (what: string) => `${version}/${facts.flowId}/${what}/r${facts.revision}`;
  const rule = ruleWords(ruling);
  return {
    text: `${escaped(flowName)}: a rule is proposed. ${escaped(rule)}. Nothing has changed yet.`,
    blocks: [
      header(id('head'), `A rule? ${named(rule, 120)}`),
      section(
        id('what'),
        `${mention(proposedBy)} proposes it for ${escaped(flowName)}: ${escaped(system)}’s ${escaped(inSentence(label))} goes everywhere at once, nobody is asked, and a change elsewhere is put back.`,
      ),
      section(id('tested'), testedWords(ruling)),
      ...(effects.length > 0
        ? effects
        : [section(id('none'), 'It changes nothing at once, only what comes from then on.')]),
      rich(id('words'), line(bold('Needs the yes of')), bullets(...words.map((one) => wordLine(one, facts)))),
      actions(id('do'), [
        button({
          action: 'agreement_approve',
          label: 'Approve',
          value: value('approve'),
          says: `Approve the rule: ${rule}`,
          style: 'primary',
        }),
        button({
          action: 'agreement_refuse',
          label: 'Refuse',
          value: value('refuse'),
          says: `Refuse the rule, or take your proposal back: people go on choosing`,
        }),
      ]),
      foot(facts, id),
    ],
  };
}

const testedWords = ({ tested: { days, same, different } }: RulingFacts): string =>
  different === 0
    ? `*The last ${days} days: ${allSame(same)}.*`
    : `*The last ${days} days: ${same.toLocaleString('en-AU')} would have ended the same, ${different.toLocaleString('en-AU')} otherwise.*`;

function wordLine({ as, id, said }: RulingFacts['words'][number], { zone }: AgreementFacts) {
  const how = said ? [': approved ', richMoment(zone, said.at)] : [': not yet'];
  return line(person(id), ` (${as})`, ...how);
}

/** What became of the proposal. */
export function drawRulingOver(facts: Drawing, state: Outcome, id: BlockIds): Drawn {
  const { ruling, flowName } = facts;
  const [short, long] = overWords(facts, state);
  const isOn = state.kind === 'counts';
  const file = isOn
    ? [
        section(
          id('file'),
          `\`truce.yml\` does not have to say so: this counts until it says something else of that detail. Its line would be:`,
        ),
        rich(id('line'), line(code(ruling.line))),
      ]
    : [];
  return {
    text: `${escaped(flowName)}: ${short}.`,
    blocks: [section(id('sum'), `*${escaped(flowName)}: ${short}.* ${long}`), ...file, foot(facts, id)],
  };
}

function overWords({ ruling, zone, version }: Drawing, state: Outcome): [short: string, long: string] {
  const rule = escaped(ruleWords(ruling));
  const as = 'People go on choosing; nothing was changed.';
  switch (state.kind) {
    case 'counts': {
      const by = [...new Set(ruling.words.flatMap(({ said }) => (said ? [said.by] : [])))];
      const when = state.approved ? `, ${moment(zone, state.approved.at)}` : '';
      return [
        `${rule} from now on`,
        `Proposed by ${mention(ruling.proposedBy)}, approved by ${listed(by.map(mention))}${when}.`,
      ];
    }
    case 'refused':
      return state.by === ruling.proposedBy
        ? [`the rule “${rule}” was taken back`, `By ${mention(state.by)}, ${moment(zone, state.at)}. ${as}`]
        : [
            `the rule “${rule}” was refused`,
            `By ${mention(state.by)}, ${moment(zone, state.at)}. ${as} It is offered again only after as many of the same choices.`,
          ];
    case 'replaced':
      return [
        `the rule “${rule}” was not decided`,
        `${state.newer === null ? 'The agreement' : `Version ${state.newer} of the agreement`} came first, and takes the place of version ${version}. ${as} It can be proposed again where it was offered.`,
      ];
  }
}

const foot = ({ flowName, version, zone, countedAt }: AgreementFacts, id: BlockIds) =>
  context(id('foot'), `${escaped(flowName)} · agreement ${version} · counted ${moment(zone, countedAt)}`);
