import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { ActiveAgreement, Agreement } from '../agreement/agreement.ts';
import { reachedAs } from '../agreement/differences.ts';
import type { Clock } from '../clock.ts';
import type { Connector } from '../connectors/connector.ts';
import { activeAgreement, activeVersion, importAgreement, openProposal } from '../ledger/agreements.ts';
import type { Db } from '../ledger/db.ts';
import { previewAgreement } from '../sync/amending/preview.ts';

export interface InForceParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** What `truce.yml` says, and which file that is. */
  readonly file: Agreement;
  readonly source: string;
  /** Builds connectors; a connection that nobody uses is never called. */
  readonly connect: (connections: Agreement['connections']) => ReadonlyMap<string, Connector>;
}

/** The agreement that counts, in this process, as the ledger has it for all replicas. */
export interface AgreementInForce {
  readonly current: () => ActiveAgreement;
  /** Those of the agreement that counts: the same map, whose content moves with it. */
  readonly connectors: ReadonlyMap<string, Connector>;
  /** Takes the version that counts, if it is another by now: this process is told of it by nobody. */
  readonly look: () => Promise<void>;
  /** Calls back once another version was taken. */
  readonly onChange: (taken: () => Promise<void>) => void;
}

/** Takes the file in, as what counts or as what is proposed, and follows from then on what the ledger says. */
export async function agreementInForce(parts: InForceParts): Promise<AgreementInForce> {
  let current = reached(parts, await takeIn(parts));
  const connectors = new Map(parts.connect(current.connections));
  const listeners: (() => Promise<void>)[] = [];
  let last: Promise<void> = Promise.resolve();
  const lookNow = async () => {
    const { db, log } = parts;
    if ((await activeVersion(db)) === current.version) return;
    const active = await activeAgreement(db);
    if (!active || active.version === current.version) return;
    const next = reached(parts, active);
    reconnect(connectors, parts, current.connections, next.connections);
    current = next;
    log.info(
      { event: 'agreement', version: next.version },
      `Version ${next.version} of the agreement counts from now on`,
    );
    for (const taken of listeners) await taken();
  };
  return {
    current: () => current,
    connectors,
    look: () => {
      last = last.catch(() => undefined).then(lookNow);
      return last;
    },
    onChange: (taken) => {
      listeners.push(taken);
    },
  };
}

/** Rules from the ledger, so that replicas agree on them; addresses from this process, which alone knows its stand-ins. */
const reached = ({ file }: InForceParts, active: ActiveAgreement): ActiveAgreement => ({
  ...active,
  connections: reachedAs(active.connections, file.connections),
});

async function takeIn({ db, clock, log, file, source, connect }: InForceParts): Promise<ActiveAgreement> {
  const before = await activeVersion(db);
  const active = await importAgreement(db, file, {
    source,
    now: clock.now(),
    count: (counts, next) => {
      log.info({ event: 'agreement' }, `${source} has changed: counting what it would set apart`);
      return previewAgreement({ db, clock, connectors: connect(next.connections) }, counts, next);
    },
  });
  const proposal = await openProposal(db);
  const event = { event: 'agreement', version: active.version };
  if (proposal) {
    const flows = Object.keys(proposal.preview?.flows ?? {});
    const owners = flows.flatMap((id) => active.flows[id]?.owners.business.name ?? []);
    log.info(
      event,
      `Version ${proposal.version} of the agreement is proposed: it would set records apart, and counts once ${[...new Set(owners)].join(' and ')} approved it in Slack. Version ${active.version} goes on until then`,
    );
  } else if (before !== null && active.version !== before) {
    log.info(event, `Version ${active.version} of the agreement counts from now on; it sets no record apart`);
  } else if (before !== null && !isDeepStrictEqual(plain(active.flows), plain(file.flows))) {
    log.warn(
      event,
      `${source} says what was refused before. Version ${active.version} of the agreement goes on until the file says something else`,
    );
  }
  return active;
}

/** As it comes out of the database. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Builds what is new or reached otherwise, and leaves the others as they are: they hold tokens and budgets. */
function reconnect(
  connectors: Map<string, Connector>,
  { connect }: InForceParts,
  before: Agreement['connections'],
  after: Agreement['connections'],
): void {
  for (const id of connectors.keys()) if (!after[id]) connectors.delete(id);
  const moved = Object.entries(after).filter(
    ([id, terms]) => !isDeepStrictEqual(plain(terms), plain(before[id] ?? null)),
  );
  for (const [id, connector] of connect(Object.fromEntries(moved))) connectors.set(id, connector);
}
