import { actingFor } from '../../agreement/deputies.ts';
import type { Desk } from '../desk.ts';
import type { Check, Need } from '../messages/status/doctor-facts.ts';
import { count } from '../messages/text.ts';
import { allRooms, type Room } from '../rooms.ts';

/** Each channel that the agreement names: is it there, is it open, is the app in it, is it the company's alone? */
export async function lookAtRooms({ client, agreement }: Pick<Desk, 'client' | 'agreement'>): Promise<Check> {
  const flows = Object.values(agreement().flows);
  const wanted = [...new Set(flows.map(({ channel }) => channel.replace(/^#/, '')))];
  const rooms = await allRooms(client);
  const needs = wanted.flatMap((channel): Need[] => {
    const found = rooms.filter(({ id, name }) => id === channel || name === channel);
    const room = found.find((one) => !one.is_archived) ?? found[0];
    const owners = flows
      .filter((flow) => flow.channel.replace(/^#/, '') === channel)
      .map(({ owners: { technical } }) => actingFor(technical).slack);
    const wrong = whatIsWrong(room, room?.name ?? channel);
    return wrong ? [{ cause: `room:${channel}:${wrong.kind}`, ...wrong, owners }] : [];
  });
  return { name: 'Channels', fine: `${count(wanted.length, 'is', 'are')} open to me`, needs };
}

function whatIsWrong(
  room: Room | undefined,
  name: string,
): (Pick<Need, 'what' | 'remedy'> & { readonly kind: string }) | null {
  const shown = `#${name}`;
  if (!room)
    return {
      kind: 'none',
      what: `There is no channel ${shown}, or it is private and I am not in it`,
      remedy: `Make it, or type /invite @Truce in it; or name another channel in truce.yml`,
    };
  if (room.is_archived)
    return {
      kind: 'archived',
      what: `${shown} is archived`,
      remedy: 'Unarchive it, or name another channel in truce.yml',
    };
  if (room.is_member === false)
    return { kind: 'not_in', what: `I am not in ${shown}`, remedy: `Type /invite @Truce in ${shown}` };
  if (room.is_ext_shared)
    return {
      kind: 'shared',
      what: `${shown} is shared with another company, whose people read along`,
      remedy: 'Name a channel of your own in truce.yml',
    };
  return null;
}
