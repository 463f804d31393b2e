import type { FieldTerms, Flow } from '../../../agreement/agreement.ts';
import { bold, bullets, context, type Drawn, line, rich, section } from '../blocks.ts';
import { count, escaped, inSentence, listed, mention, named } from '../text.ts';
import { ruleWords } from './rule-words.ts';

export interface RulesFacts {
  readonly flow: Flow;
  readonly details: readonly {
    readonly label: string;
    readonly terms: FieldTerms;
    /** The version by which both owners agreed it in Slack; null where `truce.yml` says it. */
    readonly agreedIn: number | null;
  }[];
  readonly noun: { readonly one: string; readonly many: string };
  readonly labels: (connection: string) => string;
  readonly version: number;
  readonly command: string;
}

/** `/sync rules`: who decides over each detail, as it was agreed. Pure. */
export function drawRules(facts: RulesFacts): Drawn {
  const { flow, details, version, command } = facts;
  const head = `${flow.name}: what was agreed`;
  return {
    text: `${escaped(named(head))}, version ${version}`,
    blocks: [
      rich('head', line(bold(named(head)), `, version ${version}`)),
      rich(
        'details',
        bullets(...details.map((one) => line(bold(one.label), `: ${detailWords(one, facts)}`))),
      ),
      section('people', peopleWords(flow)),
      context(
        'note',
        `${missingWords(facts)}${besideWords(details)} To change any of it, change truce.yml. Next: \`${escaped(command)} status ${escaped(flow.id)}\``,
      ),
    ],
  };
}

function detailWords(
  { label, terms, agreedIn }: RulesFacts['details'][number],
  { flow, labels }: RulesFacts,
): string {
  const some =
    terms.between.length < flow.connections.length
      ? `, between ${listed(terms.between.map(labels))} only`
      : '';
  const put = terms.rule === 'read_only' ? `; what is typed elsewhere is put back, and told` : '';
  const where = agreedIn === null ? '' : ` (agreed in Slack, version ${agreedIn})`;
  return `${ruleWords(terms, labels)}${put}${some}${limitWords(terms, label, labels)}${where}`;
}

/** What happens when nobody decides in time. */
function limitWords(
  { decideWithinHours, ifNobodyChooses, systemOfRecord }: FieldTerms,
  label: string,
  labels: RulesFacts['labels'],
): string {
  if (decideWithinHours === null) return '';
  const then = {
    keep: 'nothing is written',
    owner_wins: `${labels(systemOfRecord)}’s ${inSentence(label)} counts`,
    hold: 'it goes on waiting',
  }[ifNobodyChooses];
  return `; after ${count(decideWithinHours, 'hour', 'hours')} ${then}`;
}

function peopleWords({ owners, deciders }: Flow): string {
  const today = ({ slack, standIn }: Flow['owners']['business']) =>
    standIn ? `${mention(standIn.slack)} (for ${mention(slack)})` : mention(slack);
  const who = [...new Set([owners.business, ...deciders].map(today))];
  return `*Decides:* ${listed(who, 'or')}\n*Owners:* ${today(owners.business)} (business), ${today(owners.technical)} (technical)`;
}

/** Where a rule comes from that is not in the file. */
const besideWords = (details: RulesFacts['details']): string =>
  details.some(({ agreedIn }) => agreedIn !== null)
    ? ' What was agreed in Slack counts until truce.yml says something else of that detail.'
    : '';

function missingWords({ flow, noun, labels }: RulesFacts): string {
  const made = Object.keys(flow.createIn).map(labels);
  const makes =
    made.length > 0
      ? `Missing ${noun.many} are made in ${escaped(listed(made))}.`
      : `No ${noun.many} are made anywhere.`;
  const gone = {
    archive: 'What is gone from a system is archived in the others.',
    ask: 'What is gone from a system is asked about.',
    ignore: 'What is gone from a system is left as it is in the others.',
  }[flow.whenGone];
  return `${makes} ${gone}`;
}
