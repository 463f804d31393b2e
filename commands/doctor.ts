import { doctorAnswer } from '#src/slack/answers/doctor.ts';
import type { Command } from './command.ts';

/** Whether everything that Truce stands on is as it should be, each with its remedy. */
export const doctor: Command = {
  name: 'doctor',
  usage: 'doctor',
  example: 'doctor',
  who: 'The owners.',
  summary:
    'Whether channels, permissions, people, connections, clocks and queue are well, and what to do if not.',
  run: async ({ desk, asked, reply }) => reply(await doctorAnswer(desk, asked)),
};
