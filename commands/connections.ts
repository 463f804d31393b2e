import { connectionsAnswer } from '#src/slack/answers/connections.ts';
import type { Command } from './command.ts';

/** Each connection: its account, its permissions, what is left of its calls, and what somebody has to see to. */
export const connections: Command = {
  name: 'connections',
  usage: 'connections',
  example: 'connections',
  who: 'The owners, and those who decide; only the technical owner connects.',
  summary: 'Each connection’s account, permissions, calls left, and what it needs from you.',
  run: async ({ desk, asked, reply }) => reply(await connectionsAnswer(desk, asked)),
};
