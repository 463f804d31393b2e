import type { Button, KnownBlock } from '@slack/types';
import {
  actions,
  bold,
  bullets,
  context,
  type Drawn,
  line,
  link,
  linkButton,
  rich,
  section,
} from './blocks.ts';
import { type HeldUpFacts, holdUpWords } from './decision/held-up.ts';
import { count, cut, escaped, inSentence, listed, named } from './text.ts';
import { richMoment } from './times.ts';
import { toldButton } from './told.ts';

/** What waits for one person, of all flows together; each list oldest first. */
export interface DigestFacts {
  readonly decisions: readonly DigestDecision[];
  /** What waits for these decisions, all together. */
  readonly heldUp?: HeldUpFacts;
  readonly unsaved: readonly {
    readonly title: string;
    readonly flowName: string;
    readonly reference: string;
  }[];
  readonly problems: readonly DigestProblem[];
  /** What else waits for an answer of theirs. */
  readonly asks: readonly DigestAsk[];
  /** What this person put off, or approved first, and what needs no decision any more. */
  readonly over: readonly Pick<DigestDecision, 'title' | 'flowName' | 'details'>[];
  /** What nobody chose in time. */
  readonly expired?: readonly DigestExpired[];
  /** True where it is about decisions whose time ends soon, and nothing else. */
  readonly ending?: boolean;
  /** Slack channel names without `#`. */
  readonly channels: readonly string[];
  readonly command: string;
  /** The address of the app's Home tab; null where it is not known. */
  readonly board: string | null;
  readonly zone: string;
}

export interface DigestDecision {
  readonly changeId: string;
  readonly title: string;
  readonly flowName: string;
  /** Labels of the details that wait. */
  readonly details: readonly string[];
  readonly openedAt: Date;
  readonly deadline: Date | null;
  /** Where its message is; null where it is not posted. */
  readonly link: string | null;
  readonly heldUp?: HeldUpFacts;
}

export interface DigestExpired {
  readonly title: string;
  readonly flowName: string;
  /** `used` = the system whose value counts by itself then; null = nothing was written. */
  readonly details: readonly { readonly label: string; readonly used: string | null }[];
  readonly link: string | null;
}

export interface DigestAsk {
  /** Of what sort the question is: new rules, a first load, whether two records are one, what follows one that is gone. */
  readonly kind: 'agreement' | 'first_load' | 'same' | 'gone';
  readonly n: number;
  /** Of the agreement; null where it is about something else. */
  readonly version: number | null;
  readonly noun: { readonly one: string; readonly many: string };
  readonly flowName: string;
  readonly since: Date;
  /** Where its message is; null where none is posted. */
  readonly link: string | null;
}

export interface DigestProblem {
  readonly number: number;
  readonly flowName: string;
  /** "Xero refuses our sign-in" */
  readonly words: string;
  readonly openedAt: Date;
  /** "14 customers wait"; null where none do. */
  readonly blocks: string | null;
  readonly taken: boolean;
}

/** Of each list so many are named. */
const named3 = 3;

/** What waits for one person, in one direct message. Null where nothing does. Pure. */
export function drawDigest(facts: DigestFacts): Drawn | null {
  const { decisions, unsaved, problems, asks, over, expired = [] } = facts;
  const heads = [
    decisions.length > 0 ? decisionHead(facts) : '',
    unsaved.length > 0
      ? `${count(unsaved.length, 'decision', 'decisions')} of yours not saved everywhere`
      : '',
    problems.length > 0 ? count(problems.length, 'problem is open', 'problems are open') : '',
    asks.length > 0 ? askHead(asks, decisions.length > 0 ? 'other ' : '') : '',
    expired.length > 0 ? `${count(expired.length, 'decision', 'decisions')} that nobody made in time` : '',
  ];
  const isOver = count(over.length, 'decision of yours is', 'decisions of yours are');
  const said = heads.filter((head) => head !== '');
  if (said.length === 0 && over.length > 0) said.push(`${isOver} not needed any more`);
  if (said.length === 0) return null;
  const lists = [decisions.map((one) => decisionLine(one, facts.zone)), unsaved.map(unsavedLine)];
  const all = [
    ...lists,
    problems.map((one) => problemLine(one, facts.zone)),
    asks.map((one) => askLine(one, facts.zone)),
    expired.map(expiredLine),
  ];
  const blocks = all.flatMap((lines, i): KnownBlock[] => {
    if (lines.length === 0) return [];
    const more = lines.length - named3;
    const shown = [...lines.slice(0, named3), ...(more > 0 ? [line(`and ${more} more`)] : [])];
    return [section(`head.${i}`, `*${heads[i]}*`), rich(`list.${i}`, bullets(...shown))];
  });
  if (over.length > 0) {
    const more = over.length - named3;
    const lines = [...over.slice(0, named3).map(overLine), ...(more > 0 ? [line(`and ${more} more`)] : [])];
    blocks.push(section('head.over', '*No decision needed any more*'), rich('list.over', bullets(...lines)));
  }
  const rooms = listed(facts.channels.map((channel) => `#${escaped(channel)}`));
  const board = facts.board ? ` · <${escaped(facts.board)}|My board>` : '';
  const foot = `In ${rooms}. Everything else goes on. All of it: \`${escaped(facts.command)} status\`${board}`;
  return {
    text: `${escaped(`${said.join('; ')}.`)} In ${rooms}.`,
    blocks: [...blocks, actions('do', [...decideButton(facts), toldButton]), context('foot', foot)],
  };
}

/** To the oldest one that has a message. */
function decideButton({ decisions }: DigestFacts): Button[] {
  const first = decisions.find(({ link: url }) => url !== null);
  if (!first?.link) return [];
  const says = `Go to the decision about ${named(first.title, 40)}`;
  return [linkButton({ action: 'home_go:decide', label: 'Decide', url: first.link, says })];
}

function askHead(asks: readonly DigestAsk[], other: string): string {
  const all = asks.reduce((n, one) => n + one.n, 0);
  return count(all, `${other}question waits for you`, `${other}questions wait for you`);
}

function decisionHead({ decisions, ending, heldUp }: DigestFacts): string {
  const holds = holdUpWords(heldUp, decisions.length);
  const waits = count(decisions.length, 'decision waits for you', 'decisions wait for you');
  const words = holds ? `${waits} and ${holds}` : waits;
  return ending ? `${words}, and the time to choose ends soon` : words;
}

function decisionLine({ title, flowName, details, openedAt, ...more }: DigestDecision, zone: string) {
  const { deadline, heldUp, link: url } = more;
  const what = cut(listed(details.map((one) => inSentence(named(one, 40)))), 120);
  const limit = deadline ? [', to be decided by ', richMoment(zone, deadline)] : [];
  const holds = holdUpWords(heldUp, 1);
  return line(
    link(named(title), url),
    ` (${named(flowName, 40)}): ${what}, since `,
    richMoment(zone, openedAt),
    ...limit,
    ...(holds ? [', ', bold(holds)] : []),
  );
}

const overLine = ({ title, flowName, details }: DigestFacts['over'][number]) =>
  line(`${named(title)} (${named(flowName, 40)}): ${cut(listed(details.map(inSentence)), 120)}`);

function expiredLine({ title, flowName, details, link: url }: DigestExpired) {
  const used = [...Map.groupBy(details, (one) => one.used)].map(([system, list]) => {
    const what = listed(list.map(({ label }) => inSentence(named(label, 40))));
    return `${what}: ${system === null ? 'nothing was written' : `${named(system, 40)}’s value was used`}`;
  });
  return line(link(named(title), url), ` (${named(flowName, 40)}): ${cut(used.join('; '), 160)}`);
}

const unsavedLine = ({ title, flowName, reference }: DigestFacts['unsaved'][number]) =>
  line(`${named(title)} (${named(flowName, 40)}), reference ${reference}`);

function askLine({ flowName, since, link: url, ...ask }: DigestAsk, zone: string) {
  return line(link(askWords(ask), url), ` (${named(flowName, 40)}), since `, richMoment(zone, since));
}

function askWords({ kind, n, version, noun }: Pick<DigestAsk, 'kind' | 'n' | 'version' | 'noun'>): string {
  if (kind === 'agreement') return `New rules (version ${version}) count once the owners approve them`;
  if (kind === 'first_load') return 'The first load: nothing is written before you approve it';
  if (kind === 'same') return `${count(n, 'pair', 'pairs')} of ${noun.many} that may be one`;
  return `${count(n, noun.one, noun.many)} gone from a system: what follows in the others?`;
}

function problemLine({ number, flowName, words, openedAt, blocks, taken }: DigestProblem, zone: string) {
  const waits = blocks ? `; ${blocks}` : '';
  const by = taken ? '; somebody is on it' : '';
  const what = `${named(flowName, 40)}: ${named(words, 150)}, since `;
  return line(what, richMoment(zone, openedAt), `${waits}${by} (alert ${number})`);
}
