import type { CommandInput, PageAnswer } from '../../page-server/api.ts';
import { answer } from '../answers.ts';
import { Refused } from '../api/refused.ts';
import { commandPayload } from '../payloads.ts';
import type { Channel, Command, Person } from '../workspace.ts';
import type { World } from '../world.ts';
import { linked, say } from './say.ts';
import { activePerson, attempt, joinedChannel, slackbot } from './who.ts';

/** One line from the composer: a slash command, or plain words. Resolves when the app acknowledged or its time was up. */
export function command(world: World, input: CommandInput): Promise<PageAnswer> {
  if (!input.text.startsWith('/')) return say(world, input);
  return attempt(async () => {
    const person = activePerson(world, input.as);
    const channel = joinedChannel(world, person, input.channel);
    const [, name = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(input.text.trim()) ?? [];
    const known = world.commands.find((one) => one.command === name);
    const tell = (text: string) => slackbot(world, person.id, channel.id, text);
    if (input.threadTs !== null) return tell(`${name} is not supported in threads. Sorry!`);
    if (known === undefined || person.standing === 'foreign')
      return tell(`${name} is not a command in this workspace.`);
    await deliver(world, person, channel, known, rest.trim());
  });
}

async function deliver(
  world: World,
  person: Person,
  channel: Channel,
  { command: name, shouldEscape }: Command,
  rest: string,
): Promise<void> {
  const origin = { user: person.id, channel: channel.id, viewId: null };
  const about = { origin, messageTs: null, threadTs: null, ephemeral: false };
  const payload = commandPayload({
    person,
    channel,
    command: name,
    text: shouldEscape === true ? linked(world, rest) : rest,
    responseUrl: world.responses.give('commands', about),
    triggerId: world.triggers.give(origin),
  });
  const tell = (text: string) => slackbot(world, person.id, channel.id, text);
  const said = await world.sockets.ask({ type: 'slash_commands', answers: true, payload });
  if (!said.acked) return tell(`${name} failed because the app did not respond in time`);
  if (said.payload.text === undefined && said.payload.blocks === undefined) return;
  try {
    answer(world, about, said.payload);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    tell(`${name} failed with the error "${error.message}"`);
  }
}
