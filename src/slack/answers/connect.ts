import { signInVariables, signsInByPage } from '../../agreement/readiness.ts';
import { signInOf } from '../../ledger/connections/tokens.ts';
import { type Desk, refusalFor } from '../desk.ts';
import type { Drawn } from '../messages/blocks.ts';
import { connectsByItself, drawConnect, notConnector } from '../messages/connections/connect.ts';
import { connectorsOf, mayConnect } from '../people.ts';
import type { Asker } from './asker.ts';

/** A link to the vendor's page for one who may connect this connection; else why there is none. */
export async function connectAnswer(desk: Desk, asker: Asker, connection: string): Promise<Drawn> {
  const refusal = connectRefusal(desk, asker, connection);
  if (refusal) return refusal;
  const agreement = desk.agreement();
  const terms = agreement.connections[connection];
  const label = desk.labels(connection);
  if (!terms || !signsInByPage(terms)) return connectsByItself(label, terms ? signInVariables(terms) : []);
  const { url, expiresAt } = await desk.connections.link(connection, asker.id);
  desk.log.info(
    { event: 'connect_begun', connection, by: asker.id },
    `${label}: somebody who may was given a link to connect it.`,
  );
  const connected = await signInOf(desk.db, connection);
  return drawConnect({ connection, label, url, expiresAt, connected, zone: agreement.timeZone });
}

/** Why this person may neither connect it nor approve anything there; null where they may. */
export function connectRefusal(desk: Desk, asker: Asker, connection: string): Drawn | null {
  const agreement = desk.agreement();
  const verdict = mayConnect(asker.person, agreement, connection, desk.home());
  return verdict.kind === 'others'
    ? notConnector(connectorsOf(agreement, connection), desk.labels(connection))
    : refusalFor(verdict, 'operate');
}
