import type { Desk } from '../desk.ts';
import { connectionFacts } from '../facts/connections.ts';
import type { Drawn } from '../messages/blocks.ts';
import { connectionsOfOthers, drawConnections } from '../messages/connections/connections.ts';
import { connectorsOf, mayConnect, visibleFlows } from '../people.ts';
import type { Asker } from './asker.ts';

/** Asks the connections that this person may connect about their accounts, and shows how they stand then. */
export async function checkedAnswer(desk: Desk, asker: Asker): Promise<Drawn> {
  const agreement = desk.agreement();
  for (const id of Object.keys(agreement.connections))
    if (mayConnect(asker.person, agreement, id, desk.home()).kind === 'yes') await desk.connections.check(id);
  return connectionsAnswer(desk, asker);
}

/** The connections of the syncs whose records the asker may read. */
export async function connectionsAnswer(desk: Desk, asker: Asker): Promise<Drawn> {
  const agreement = desk.agreement();
  const flows = visibleFlows(asker.person, agreement, desk.home());
  const ids = new Set(flows.flatMap((flow) => flow.connections));
  const shown = Object.values(agreement.connections).filter(({ id }) => ids.has(id));
  if (shown.length === 0) {
    const owners = Object.values(agreement.flows).flatMap(({ owners: { business, technical } }) => [
      business.slack,
      technical.slack,
    ]);
    return connectionsOfOthers([...new Set(owners)]);
  }
  const connections = await connectionFacts(desk, shown, (id) =>
    connectorsOf(agreement, id).includes(asker.id),
  );
  return drawConnections({ connections, zone: agreement.timeZone, command: asker.command });
}
