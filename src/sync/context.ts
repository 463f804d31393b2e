import type { Logger } from 'pino';
import type { ActiveAgreement, Flow } from '../agreement/agreement.ts';
import type { Clock } from '../clock.ts';
import type { CallContext, Connector } from '../connectors/connector.ts';
import type { Entity, FieldValue } from '../entities/field.ts';
import type { Db, Tx } from '../ledger/db.ts';
import { assertLease } from '../ledger/leases.ts';

/** What the engine is built from; the same for every run. */
export interface EngineParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
  /** Named points that a crash test can stop at; does nothing in a product. */
  readonly at?: (point: string) => Promise<void>;
  /** True = systems are worked with one after the other and not side by side, so that a test of chance can be repeated to the letter. */
  readonly inTurn?: boolean;
}

/** One run of one flow, under its lease. */
export interface RunContext extends EngineParts {
  readonly flow: Flow;
  readonly entity: Entity;
  /** Of the flow's entity, by connection id. */
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly agreement: ActiveAgreement;
  readonly run: {
    readonly id: number;
    readonly correlationId: string;
    readonly owner: string;
    readonly epoch: number;
    /** A person asked for it: its calls may use those that are kept back for people. */
    readonly forPerson: boolean;
  };
  readonly firstLoadApproved: boolean;
  readonly signal: AbortSignal;
}

/** The fields by which people look for a record. */
export const identifying = ({ entity, flow }: Pick<RunContext, 'entity' | 'flow'>): readonly string[] => [
  ...new Set([...entity.names, flow.matchBy, 'email']),
];

export const flowLease = (flow: string) => `flow:${flow}`;

/** Every ledger write of a run goes through here: in one transaction, and only while the run still holds its flow. */
export function commit<T>(context: RunContext, work: (tx: Tx) => Promise<T>): Promise<T> {
  return context.db.transaction(async (tx) => {
    await assertLease(tx, {
      name: flowLease(context.flow.id),
      owner: context.run.owner,
      epoch: context.run.epoch,
    });
    return work(tx);
  });
}

/**
 * For whom a call is made: one change where it serves one alone, else the run. Which of several changes a call served is
 * known from its answer, item by item, and written down then: a batch of two hundred is not the story of each of them.
 */
export function callFor(context: RunContext, changeIds: readonly string[] = []): CallContext {
  const only = changeIds.length === 1 ? changeIds[0] : undefined;
  return {
    runId: context.run.id,
    correlationId: only ?? context.run.correlationId,
    changeIds: only ? [only] : [],
    forPerson: context.run.forPerson,
    signal: context.signal,
  };
}

/** What a connection can hold of a value. */
export function projector(context: Pick<RunContext, 'connectors'>) {
  return (connection: string, field: string, value: FieldValue | null): FieldValue | null =>
    context.connectors.get(connection)?.project(field, value).value ?? null;
}

export function connectorOf(context: Pick<RunContext, 'connectors'>, connection: string): Connector {
  const connector = context.connectors.get(connection);
  if (!connector) throw new Error(`the flow names the connection ${connection}, which has not been built`);
  return connector;
}
