import { pauseAnswer } from '#src/slack/answers/pause.ts';
import { answer } from '#src/slack/messages/refusals.ts';
import { escaped } from '#src/slack/messages/text.ts';
import { flowMeant } from '#src/slack/typed/flow-word.ts';
import { timeMeant } from '#src/slack/typed/times.ts';
import type { Asked, Command } from './command.ts';

/** Stops a sync for a while: shows first what that means, and asks. */
export const pause: Command = {
  name: 'pause',
  usage: 'pause <sync> [until …]',
  example: 'pause customers until monday 9am',
  more: ['pause customers for 2h', 'pause customers'],
  who: 'The owners.',
  summary:
    'Stop a sync for a while; asks first. It goes on by itself at the time you name, or when somebody says so.',
  run: async ({ desk, asked, reply }) => {
    const at = asked.words.findIndex((word) => /^(until|till|for)$/i.test(word));
    const words = at === -1 ? asked.words : asked.words.slice(0, at);
    const meant = flowMeant(desk, { ...asked, words }, 'pause');
    if ('answer' in meant) return reply(meant.answer);
    if (at === -1) return reply(await pauseAnswer(desk, asked, meant.flow, undefined));
    const typed = asked.words.slice(at + 1).join(' ');
    const until = timeMeant(typed, { now: desk.clock.now(), zone: desk.agreement().timeZone, way: 'ahead' });
    return reply(until ? await pauseAnswer(desk, asked, meant.flow, until) : answer(timeHelp(typed, asked)));
  },
};

const timeHelp = (typed: string, { command }: Asked): string =>
  `I cannot read “${escaped(typed)}” as a time to come. Write 2h, 3d, 2pm, tomorrow, monday 9am, 25 nov or 2026-11-25 14:30. ` +
  `For example \`${escaped(command)} pause customers until monday 9am\`. Nothing was paused.`;
