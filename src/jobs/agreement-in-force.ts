import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { ActiveAgreement, Agreement } from '../agreement/agreement.ts';
import { reachedAs } from '../agreement/differences.ts';
import { lineFor, withRulings } from '../agreement/rulings.ts';
import type { Clock } from '../clock.ts';
import type { Connection } from '../connectors/connection.ts';
import {
  activeAgreement,
  activeVersion,
  type Counting,
  importAgreement,
  openProposal,
} from '../ledger/agreement/agreements.ts';
import { activeRulings } from '../ledger/agreement/rulings.ts';
import type { Db } from '../ledger/db.ts';
import type { Ruling } from '../ledger/tables/agreement.ts';
import { previewAgreement } from '../sync/amending/preview.ts';

export interface InForceParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** What `truce.yml` says, and which file that is. */
  readonly file: Agreement;
  readonly source: string;
  /** Builds connections; a connection that nobody uses is never called. */
  readonly connect: (connections: Agreement['connections']) => ReadonlyMap<string, Connection>;
}

/** The agreement that counts, in this process, as the ledger has it for all replicas. */
export interface AgreementInForce {
  readonly current: () => ActiveAgreement;
  /** Those of the agreement that counts: the same map, whose content moves with it. */
  readonly connections: ReadonlyMap<string, Connection>;
  /** Takes the version that counts, if it is another by now: this process is told of it by nobody. */
  readonly look: () => Promise<void>;
  /** What another version would set apart. */
  readonly count: Counting;
  /** Calls back once another version was taken. */
  readonly onChange: (taken: () => Promise<void>) => void;
}

/** Takes the file in, as what counts or as what is proposed, and follows from then on what the ledger says. */
export async function agreementInForce(parts: InForceParts): Promise<AgreementInForce> {
  let current = reached(parts, await takeIn(parts));
  const connections = new Map(parts.connect(current.connections));
  const listeners: (() => Promise<void>)[] = [];
  let last: Promise<void> = Promise.resolve();
  const lookNow = async () => {
    const { db, log } = parts;
    if ((await activeVersion(db)) === current.version) return;
    const active = await activeAgreement(db);
    if (!active || active.version === current.version) return;
    const next = reached(parts, active);
    reconnect(connections, parts, current.connections, next.connections);
    current = next;
    log.info(
      { event: 'agreement', version: next.version },
      `Version ${next.version} of the agreement counts from now on`,
    );
    for (const taken of listeners) await taken();
  };
  return {
    current: () => current,
    connections,
    look: () => {
      last = last.catch(() => undefined).then(lookNow);
      return last;
    },
    count: (active, next) => counted(parts, active, next),
    onChange: (taken) => {
      listeners.push(taken);
    },
  };
}

const counted = ({ db, clock, file, connect }: InForceParts, active: ActiveAgreement, next: Agreement) =>
  previewAgreement(
    { db, clock, connections: connect(reachedAs(next.connections, file.connections)) },
    active,
    next,
  );

/** Rules from the ledger, so that replicas agree on them; addresses from this process, which alone knows its stand-ins. */
const reached = ({ file }: InForceParts, active: ActiveAgreement): ActiveAgreement => ({
  ...active,
  connections: reachedAs(active.connections, file.connections),
});

async function takeIn(parts: InForceParts): Promise<ActiveAgreement> {
  const { db, clock, log, file, source } = parts;
  const before = await activeVersion(db);
  const active = await importAgreement(db, file, {
    source,
    now: clock.now(),
    count: (counts, next) => {
      log.info({ event: 'agreement' }, `${source} has changed: counting what it would set apart`);
      return counted(parts, counts, next);
    },
  });
  const [proposal, rulings] = [await openProposal(db), await activeRulings(db)];
  for (const ruling of rulings) log.info({ event: 'agreement' }, besideTheFile(active, ruling, source));
  const event = { event: 'agreement', version: active.version };
  if (proposal?.proposes) {
    log.info(
      event,
      `Version ${proposal.version} of the agreement was proposed in Slack, and waits there for both owners. Version ${active.version} goes on until then`,
    );
  } else if (proposal) {
    const flows = Object.keys(proposal.preview?.flows ?? {});
    const owners = flows.flatMap((id) => active.flows[id]?.owners.business.name ?? []);
    log.info(
      event,
      `Version ${proposal.version} of the agreement is proposed: it would set records apart, and counts once ${[...new Set(owners)].join(' and ')} approved it in Slack. Version ${active.version} goes on until then`,
    );
  } else if (before !== null && active.version !== before) {
    log.info(event, `Version ${active.version} of the agreement counts from now on; it sets no record apart`);
  } else if (
    before !== null &&
    !isDeepStrictEqual(plain(active.flows), plain(withRulings(file, rulings).agreement.flows))
  ) {
    log.warn(
      event,
      `${source} says what was refused before. Version ${active.version} of the agreement goes on until the file says something else`,
    );
  }
  return active;
}

/** What counts and the file does not say. */
function besideTheFile(active: ActiveAgreement, ruling: Ruling, source: string): string {
  const flow = active.flows[ruling.flow];
  const { place, line } = lineFor(flow ?? { id: ruling.flow, connections: [], fields: {} }, ruling);
  return `Both owners agreed in Slack (version ${ruling.version}) what ${source} does not say, under ${place}: ${line}. It counts until the file says something else of that detail`;
}

/** As it comes out of the database. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Builds what is new or reached otherwise, and leaves the others as they are: they hold tokens and budgets. */
function reconnect(
  connections: Map<string, Connection>,
  { connect }: InForceParts,
  before: Agreement['connections'],
  after: Agreement['connections'],
): void {
  for (const id of connections.keys()) if (!after[id]) connections.delete(id);
  const moved = Object.entries(after).filter(
    ([id, terms]) => !isDeepStrictEqual(plain(terms), plain(before[id] ?? null)),
  );
  for (const [id, connection] of connect(Object.fromEntries(moved))) connections.set(id, connection);
}
