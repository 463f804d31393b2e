import type { ChangeState } from '../../ledger/tables/changes.ts';
import { type Drawn, section } from './blocks.ts';
import { escaped, inSentence, isUserId, listed, mention, named, spoken } from './text.ts';
import { time } from './times.ts';

/** Answers to the one who asked, when what they asked does not happen: what, why, and what they can do. Ephemeral. Pure. */

/** An answer of plain words. */
export const answer = (mrkdwn: string): Drawn => ({
  text: spoken(mrkdwn),
  blocks: [section('answer', mrkdwn)],
});

const who = (userIds: readonly string[]): string => listed([...new Set(userIds)].map(mention), 'or');

export const membersOnly = (): Drawn => answer('Decisions are open to members of this workspace only.');

export const cannotCheck = (): Drawn =>
  answer('Slack would not tell me who you are just now, so nothing was done. Please try again in a minute.');

export const notDecider = (deciders: readonly string[]): Drawn =>
  answer(`Only ${who(deciders) || 'an owner'} can decide this. Nothing was changed.`);

export const notOperator = (owners: readonly string[]): Drawn =>
  answer(`Only ${who(owners) || 'an owner'} can do this. Nothing was changed.`);

export const outdated = (field: string, at: Date, zone: string): Drawn =>
  answer(
    `The ${escaped(inSentence(field))} changed at ${time(zone, at)}, after this message was drawn. Nothing was saved. ` +
      'Please look again; the message now shows it.',
  );

/** The press was on a message that shows something else by now. */
export const outdatedNow = (): Drawn =>
  answer(
    'This changed after the message was drawn. Nothing was done. Please look again; the message now shows it.',
  );

/** Nobody types a value past the second person. */
export const needsTwo = (): string =>
  'Two people choose this detail, so nobody can type it here alone. Change it in one of the systems; then Truce asks.';

/** Somebody was faster, or the same person pressed twice. */
export function alreadyDecided({
  by,
  what,
  at,
  zone,
  me,
}: {
  by: string;
  what: string;
  at: Date;
  zone: string;
  me: string;
}): Drawn {
  const person = by === me ? 'You' : isUserId(by) ? mention(by) : 'Somebody';
  return answer(`${person} already chose ${escaped(what)} at ${time(zone, at)}. Nothing was changed twice.`);
}

/** The same person pressed the same value again: it takes another one. */
export const approvedAlready = ({
  at,
  seconds,
  zone,
}: {
  at: Date;
  seconds: readonly string[];
  zone: string;
}): Drawn =>
  answer(
    `You gave the first approval at ${time(zone, at)}. ${secondWords(seconds)} Nothing was changed twice.`,
  );

/** Another value than the first person chose: nobody has approved this one yet. */
export const approvedInstead = (first: string, seconds: readonly string[]): Drawn =>
  answer(
    `You chose another value than ${mention(first)}, so yours is the first approval now, and theirs counts no longer. ${secondWords(seconds)}`,
  );

const secondWords = (seconds: readonly string[]): string =>
  seconds.length > 0
    ? `A second person has to approve it: ${who(seconds)}.`
    : 'Nobody else may approve it: keep what was agreed before, or let more people decide in the agreement.';

/** Whoever made a change does not approve it. */
export const ownChange = (systems: readonly string[], can: readonly string[]): Drawn =>
  answer(
    `You made this change in ${escaped(listed(systems))}, so others have to approve it${can.length > 0 ? `: ${who(can)}` : ', and nobody else may'}. ` +
      'Nothing was changed. You can keep what was agreed before.',
  );

/** One of two people stands in for the other. */
export const countsAsOne = ({
  as,
  did,
  can,
}: {
  readonly as: string;
  readonly did: 'change' | 'first';
  readonly can: readonly string[];
}): Drawn =>
  answer(
    `You and ${mention(as)} count as one person while one of you stands in for the other, and ${mention(as)} ${did === 'change' ? 'made this change' : 'gave the first approval'}. ` +
      `Somebody else has to approve it${can.length > 0 ? `: ${who(can)}` : ', and nobody else may'}. Nothing was changed.`,
  );

export const nothingToTakeBack = (by: string | null): Drawn =>
  answer(
    by
      ? `Only ${mention(by)} can take that approval back. You can choose another value instead.`
      : 'There is no approval to take back any more.',
  );

export const otherAgreement = (): Drawn =>
  answer(
    'The agreement has changed just now, and with it perhaps who decides. Nothing was saved. Please press again in a few seconds.',
  );

const closedWords: Partial<Record<ChangeState | 'unknown', string>> = {
  settled: 'It is settled already.',
  withdrawn: 'The question went away by itself.',
  unknown: 'Nothing that you may see has this reference.',
};

export const nothingToDecide = (state: ChangeState | 'unknown'): Drawn =>
  answer(`There is nothing to decide here any more. ${closedWords[state] ?? 'It is under way.'}`);

/** The same words for "does not exist" and "not yours". */
export const notSeen = (): string => 'Nothing that you may see has this reference.';

/** There is no such system in the sync; without systems, what is undone is no single change. */
export const notThatSystem = ({ word, systems }: { word: string; systems: readonly string[] }): Drawn =>
  answer(
    systems.length > 0
      ? `There is no system “${escaped(named(word, 40))}” in this sync. Its systems: ${escaped(listed(systems))}. Nothing was changed.`
      : 'Only what a single change wrote can be undone in one system alone. Leave the system out to undo all of it. Nothing was changed.',
  );

export const oldButton = (command: string): Drawn =>
  answer(
    `This button is from another version of Truce and does nothing any more. Type \`${escaped(command)} help\` to see what you can do.`,
  );

/** A message's menu was used on one that is about no change, run or alert. */
export const aboutNothing = (command: string): Drawn =>
  answer(
    `This message is about no change of mine, so there is nothing to show. Next: \`${escaped(command)} status\``,
  );

/** Mentioned with something that not everybody may read. */
export const mentionHelp = (command: string): Drawn =>
  answer(
    `Here everybody reads along, so I only tell how the syncs stand: mention me with *status*, or *status customers*. For all else type \`${escaped(command)} help\`: only you see those answers.`,
  );

export const ourFault = (): Drawn =>
  answer(
    'That did not work, and the fault is mine: nothing was saved. Please try again in a minute; the log has the reason.',
  );

export const notAFlow = ({
  word,
  guess,
  all,
  command,
  verb,
}: {
  word: string;
  guess: string | null;
  all: readonly string[];
  command: string;
  verb: string;
}): Drawn => {
  const meant = guess ? ` Did you mean *${escaped(guess)}*?` : '';
  const next = guess ?? all[0];
  const example = next ? `\nNext: \`${escaped(`${command} ${verb} ${next}`)}\`` : '';
  const what = word ? `There is no sync “${escaped(word)}”.${meant}` : 'Tell me which sync.';
  return answer(`${what}\nAll: ${escaped(all.join(', '))}.${example}`);
};

/** The owner's word on a new version of the agreement was given before. */
export function proposalAlready({
  by,
  at,
  zone,
  me,
}: {
  by: string;
  at: Date;
  zone: string;
  me: string;
}): Drawn {
  const person = by === me ? 'You' : isUserId(by) ? mention(by) : 'Somebody';
  return answer(`${person} already approved it at ${time(zone, at)}. It counts once the others have too.`);
}

export const proposalOutdated = (): Drawn =>
  answer(
    'It was counted again after this message was drawn. Nothing was done. Please look again; the message now shows the new counts.',
  );

const proposalEnds = {
  active: 'That version counts already.',
  refused: 'That version was refused.',
  replaced: 'Another version has taken its place since.',
  proposed: 'It waits.',
};

export const proposalOver = (state: keyof typeof proposalEnds): Drawn =>
  answer(`There is nothing to approve here any more. ${proposalEnds[state]} Nothing was changed.`);
