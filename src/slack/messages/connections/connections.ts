import type { Button, KnownBlock, RichTextSection } from '@slack/types';
import {
  actions,
  bold,
  button,
  code,
  context,
  type Drawn,
  line,
  type Piece,
  person,
  rich,
} from '../blocks.ts';
import { answer } from '../refusals.ts';
import { count, cut, escaped, listed, mention, named } from '../text.ts';
import { richMoment, richTime } from '../times.ts';
import type { ConnectionFacts } from './facts.ts';
import { marksLine } from './marks.ts';

export interface ConnectionsFacts {
  readonly connections: readonly ConnectionFacts[];
  readonly zone: string;
  readonly command: string;
}

/** Slack takes fifty blocks and some eleven thousand letters. */
const most = 8;
/** Letters for each text from a vendor: fewer where many connections share the message. */
const roomFor = (shown: number): number => Math.min(300, Math.floor(1_000 / Math.max(1, shown)));

/** `/sync connections`: each connection with its account, its permissions, what is left of its calls, and what is to be done. Pure. */
export function drawConnections({ connections, zone, command }: ConnectionsFacts): Drawn {
  const needy = connections.filter(needsSomebody);
  const title = titleWords(connections, needy);
  const shown = connections.slice(0, most);
  const blocks: KnownBlock[] = shown.flatMap((one) => {
    const buttons = buttonsOf(one);
    return [
      rich(`connection.${one.id}`, ...linesOf(one, zone, roomFor(shown.length))),
      ...(buttons.length > 0 ? [actions(`do.${one.id}`, buttons)] : []),
    ];
  });
  const more = connections.length > most ? ` ${connections.length - most} more are not shown.` : '';
  const next = `Only you see this.${more} Truce checks every day, and after connecting.`;
  const again = button({
    action: 'connections_check',
    label: 'Check again',
    value: 'again',
    says: 'Ask these connections again what they need',
  });
  if (shown.some(({ mine }) => mine)) blocks.push(actions('again', [again]));
  return {
    text: title,
    blocks: [...blocks, context('next', `${next} Next: \`${escaped(command)} status\``)],
  };
}

/** Nobody but owners is shown accounts and permissions. */
export const connectionsOfOthers = (owners: readonly string[]): Drawn =>
  answer(`Connections are shown to the owners: ${owners.map(mention).join(', ')}.`);

const titleWords = (all: readonly ConnectionFacts[], needy: readonly ConnectionFacts[]): string =>
  needy.length === 0
    ? `${count(all.length, 'connection, and it works', 'connections, and all of them work')}`
    : `${listed(needy.map(({ label }) => label))} ${needy.length === 1 ? 'needs' : 'need'} something${needy.some(({ mine }) => mine) ? ' from you' : ''}`;

const needsSomebody = (one: ConnectionFacts): boolean =>
  one.error !== null ||
  one.endsSoon ||
  one.missingScopes.length + one.problems.length > 0 ||
  one.steps.some(({ optional }) => !optional) ||
  isUnconnected(one);

const isUnconnected = ({ signIn }: ConnectionFacts): boolean =>
  signIn.kind === 'page' && signIn.connected === null;

function linesOf(one: ConnectionFacts, zone: string, room: number): RichTextSection[] {
  const lines: Piece[][] = [
    [bold(one.label), ' (', code(one.id), ')', accountWords(one)],
    signInWords(one, zone),
    ...scopeWords(one, room),
    ...endWords(one, zone),
    ...callWords(one, zone),
    ...(one.error === null || isUnconnected(one)
      ? []
      : [[bold('Could not be asked: '), `${named(one.error, room)}.`]]),
    ...one.problems.slice(0, 2).map((problem) => [bold('To see to: '), named(problem, room)]),
    ...(one.notes ?? []).slice(0, 2).map((note) => [named(note, room)]),
    ...one.steps
      .slice(0, 3)
      .map(({ label, optional }) => [bold(optional ? 'You can: ' : 'To be set up: '), named(label, room)]),
    ...(one.marks ?? []).slice(0, 3).map((marks) => [named(marksLine(marks), room)]),
    one.checkedAt ? ['Checked ', richMoment(zone, one.checkedAt), '.'] : ['Not checked yet.'],
  ];
  return [line(...lines.flatMap((pieces, i) => (i === 0 ? pieces : ['\n', ...pieces])))];
}

function accountWords(one: ConnectionFacts): string {
  if (isUnconnected(one)) return ': not connected yet';
  return one.account ? `: ${named(one.account, 100)}` : '';
}

function signInWords({ signIn, label }: ConnectionFacts, zone: string): Piece[] {
  switch (signIn.kind) {
    case 'page':
      return signIn.connected
        ? [
            `Signs in on ${label}’s page: `,
            person(signIn.connected.by),
            ' connected it ',
            richMoment(zone, signIn.connected.at),
            '.',
          ]
        : [`Signs in on ${label}’s page, and nobody has yet.`];
    case 'environment':
      return [`Signs in with ${listed(signIn.variables)} from the environment.`];
    case 'none':
      return ['Needs no sign-in.'];
  }
}

function scopeWords({ scopes, missingScopes }: ConnectionFacts, room: number): Piece[][] {
  const list = (all: readonly string[]) => `${named(all.join(', ') || 'none', room)}.`;
  return [
    ...(scopes === null ? [] : [[`Permissions: ${list(scopes)}`]]),
    ...(missingScopes.length === 0 ? [] : [[bold('Missing: '), list(missingScopes)]]),
  ];
}

const endWords = ({ expiresAt, endsSoon }: ConnectionFacts, zone: string): Piece[][] =>
  expiresAt
    ? [
        [
          ...(endsSoon ? [bold('To see to: ')] : []),
          'The sign-in ends ',
          richMoment(zone, expiresAt),
          ' unless it is used or renewed.',
        ],
      ]
    : [];

function callWords({ calls }: ConnectionFacts, zone: string): Piece[][] {
  if (!calls) return [];
  const n = (value: number) => value.toLocaleString('en-AU');
  const left: Piece[] = [
    `Calls left: ${n(calls.leftToday)} of ${n(calls.perDay)} `,
    ...(calls.dayEnds ? ['until ', richTime(zone, calls.dayEnds)] : ['in 24 hours']),
    `, ${n(calls.leftThisMinute)} of ${n(calls.perMinute)} this minute.`,
    ...(calls.forPeople > 0 ? [` ${n(calls.forPeople)} of each day are kept for what people ask for.`] : []),
  ];
  return calls.closedUntil
    ? [[...left, ' It asks us to wait until ', richTime(zone, calls.closedUntil), '.']]
    : [left];
}

function buttonsOf(one: ConnectionFacts): Button[] {
  if (!one.mine) return [];
  const steps = one.steps.slice(0, 3).map((step, i) =>
    button({
      action: `set_up_ask:${one.id}.${i}`,
      label: `${cut(step.label, 23).replace(/…$/, '')}…`,
      value: step.value,
      says: `${one.label}: ${step.label}. Shows first what exactly`,
    }),
  );
  if (one.signIn.kind !== 'page') return steps;
  const verb = one.signIn.connected ? 'Reconnect' : 'Connect';
  const connect = button({
    action: `connect_ask:${one.id}`,
    label: `${verb} ${one.label}`,
    value: one.id,
    says: `${verb} ${one.label}: gives you a link to its page`,
    ...(one.signIn.connected ? {} : { style: 'primary' as const }),
  });
  return [connect, ...steps];
}
