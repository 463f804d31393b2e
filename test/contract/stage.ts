import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Connector, Create, Needed, ReadItem, Write } from '#src/connectors/connector.ts';
import type { Entity, FieldValue } from '#src/entities/field.ts';
import { entityNamed } from '#src/entities/named.ts';
import { call } from '../connectors/kit.ts';
import type { Ability, Probe, Stage, Subject } from './subject.ts';

/** Everything that one pull lists, page by page. */
export async function listed(connector: Connector, since: Date | null, until: Date): Promise<ReadItem[][]> {
  const pages: ReadItem[][] = [];
  for await (const page of connector.changed(since, until, call)) pages.push([...page]);
  return pages;
}

export const idOf = (item: ReadItem): string =>
  item.kind === 'read' ? item.observation.externalId : item.externalId;

export const told = (items: readonly ReadItem[]): string[] =>
  items.map((item) => `${idOf(item)} ${item.kind}`).sort();

/** The one record, as an observation; fails where it was not read. */
export async function observed(connector: Connector, externalId: string) {
  const [item] = await connector.read([externalId], call);
  if (item?.kind !== 'read') throw new Error(`expected a record that was read, not ${JSON.stringify(item)}`);
  return item.observation;
}

export const write = (externalId: string, fields: Write['fields'], key: string = randomUUID()): Write => ({
  key,
  changeId: call.correlationId,
  externalId,
  fields,
});

export const create = (
  fields: Create['fields'],
  marker: string = randomUUID(),
  needs: readonly Needed[] = [],
): Create => ({ key: randomUUID(), changeId: call.correlationId, marker, fields, needs });

/** What reading should find of fields that were sent: as far as the system can hold them. */
export const projected = (connector: Connector, fields: Readonly<Record<string, FieldValue>>) =>
  Object.fromEntries(
    Object.entries(fields).map(([field, value]) => {
      const held = connector.project(field, value).value;
      return [field, held === null ? { state: 'blank' } : { state: 'value', value: held }];
    }),
  );

/** A cursor as the engine moves it: each pull begins an overlap before it, and it never passes what may be listed late. */
export function puller({ connector, clock }: Pick<Stage, 'connector' | 'clock'>) {
  let cursor = clock.now();
  return async (): Promise<ReadItem[]> => {
    const until = new Date(clock.now().getTime() - connector.lagMs);
    const pages = await listed(connector, new Date(cursor.getTime() - connector.overlapMs), until);
    cursor = until;
    return pages.flat();
  };
}

/** The value of a field with which a record was listed; null where it was not. */
export function valueIn(items: readonly ReadItem[], externalId: string, field: string): FieldValue | null {
  const item = items.find((one) => idOf(one) === externalId);
  const found = item?.kind === 'read' ? item.observation.fields[field] : undefined;
  return found?.state === 'value' ? found.value : null;
}

export const entityOf = (subject: Subject): Entity => entityNamed(subject.entity ?? 'customer');

const phones: Probe = { field: 'phone', value: (number) => `02 5550 ${4321 + number}` };
export const probeOf = ({ probe = phones }: Subject): Probe => probe;

/** The probe, as what a write sends. */
export const probed = (subject: Subject, number: number): Readonly<Record<string, string>> => {
  const { field, value } = probeOf(subject);
  return { [field]: value(number) };
};

/** A test of something that not every system can do; the subject says why it cannot, and nothing is skipped for it. */
export function testOf(subject: Subject, ability: Ability, name: string, body: () => Promise<void>): void {
  if (subject.cannot[ability] === undefined) test(name, body);
}

/** Whether any of these is shown: a heading without a test under it is left out. */
export const showsAny = (subject: Subject, ...abilities: readonly Ability[]): boolean =>
  abilities.some((ability) => subject.cannot[ability] === undefined);

/** A hook of the stage that the subject's abilities promise. */
export function hook<T>(found: T | undefined, name: string): T {
  expect(found, `the stage lacks ${name}, and the subject does not decline it under "cannot"`).toBeDefined();
  return found as T;
}

export const second = 1_000;
export const minute = 60_000;
