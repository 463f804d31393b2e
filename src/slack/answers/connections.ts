import type { Desk } from '../desk.ts';
import { connectionFacts } from '../facts/connections.ts';
import type { Drawn } from '../messages/blocks.ts';
import { connectionsOfOthers, drawConnections } from '../messages/connections.ts';
import { connectorsOf, visibleFlows } from '../people.ts';
import type { Asker } from './asker.ts';

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
