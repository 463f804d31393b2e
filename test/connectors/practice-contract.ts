import { describe, expect, onTestFinished, test } from 'vitest';
import type { ManualClock } from '#src/clock.ts';
import type { Connector, ReadItem, Write } from '#src/connectors/connector.ts';
import { createConnectors, systems } from '#src/connectors/registry.ts';
import type { FieldValue } from '#src/entities/field.ts';
import { openStore, type Store } from '#src/playground/store.ts';
import type { PracticeVendor } from '#src/playground/vendors/vendor.ts';
import { call, clockAtNoon, fieldsOf, memoryBudgets, memoryLog, memoryTokens, noon, terms } from './kit.ts';

export interface Subject {
  start(store: Store, clock: ManualClock): Promise<PracticeVendor>;
  /** Names of the environment variables by credential. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Three seeded customers. The first has a billing address, an e-mail, a phone and terms of 30 days. */
  readonly ids: readonly [string, string, string];
  readonly absentId: string;
  /** An edit of the first by a person, under the vendor's own keys, that sets its phone to "(02) 5550 4321". */
  readonly phoneEdit: Readonly<Record<string, string>>;
  /** The vendor's key for the e-mail address, as drift names it, and the one that the practice vendor renames it to. */
  readonly renamed: { readonly expected: string; readonly found: string };
  /** One value for every field that the system has. */
  readonly fields: Readonly<Record<string, FieldValue | null>>;
}

/** A connector and a practice vendor that really talk to each other, on one clock that moves only when slept on. */
export async function connected(subject: Subject, more: { callsPerMinute?: number } = {}) {
  const clock = clockAtNoon();
  const store = openStore(':memory:');
  const vendor = await subject.start(store, clock);
  onTestFinished(async () => {
    await vendor.close();
    store.close();
  });
  const log = memoryLog();
  const connection = terms(vendor.system, {
    baseUrl: vendor.baseUrl,
    authUrl: vendor.authUrl,
    credentials: subject.credentials,
    timeoutSeconds: 0.3,
    ...more,
  });
  const connectors = createConnectors({
    agreement: { connections: { [vendor.system]: connection } },
    credential: (name) => vendor.env[name],
    tokens: memoryTokens(),
    http: { log, budgets: memoryBudgets() },
    clock,
  });
  const connector = connectors.get(vendor.system);
  if (!connector) throw new Error('the registry made no connector');
  return { clock, vendor, log, connector };
}

async function pages(connector: Connector, since: Date | null, until: Date): Promise<ReadItem[]> {
  const items: ReadItem[] = [];
  for await (const page of connector.changed(since, until, call)) items.push(...page);
  return items;
}

const idOf = (item: ReadItem) => (item.kind === 'read' ? item.observation.externalId : item.externalId);
const write = (externalId: string, fields: Write['fields'], key = 'intent-1'): Write => ({
  key,
  changeId: 'tr-7F3K92QDXB',
  externalId,
  fields,
});
const minutes = (count: number) => count * 60_000;

/** What every connector does against its practice vendor. */
export function connectorContract(name: string, subject: Subject): void {
  const [first, second, third] = subject.ids;
  const id = systemNamed(name);

  describe(`${name}, reading`, () => {
    test('lists everything, then only what changed, and reads by id with one item for each', async () => {
      const { connector, vendor, clock } = await connected(subject);
      clock.advance(minutes(10));
      const all = await pages(connector, null, clock.now());
      expect(all.map(idOf).sort()).toEqual([...subject.ids].sort());
      vendor.edit(first, subject.phoneEdit, 'Priya Nair');
      const edited = clock.now();
      clock.advance(minutes(1));
      const changed = await pages(connector, new Date(edited.getTime() - 1000), clock.now());
      expect(changed.map(idOf)).toEqual([first]);
      expect(fieldsOf(changed[0]).phone).toEqual({ state: 'value', value: '(02) 5550 4321' });
      const read = await connector.read([third, subject.absentId, first, second], call);
      expect(read.map((item) => `${idOf(item)} ${item.kind}`)).toEqual([
        `${third} read`,
        `${subject.absentId} gone`,
        `${first} read`,
        `${second} read`,
      ]);
      expect(Object.keys(fieldsOf(read[0]))).toEqual(expect.arrayContaining(Object.keys(subject.fields)));
    });

    test('every call carries the reference, and no credential or e-mail address reaches the log', async () => {
      const { connector, vendor, log, clock } = await connected(subject);
      await pages(connector, null, clock.now());
      await connector.write([write(first, { email: 'new@example.com.au' })], call);
      expect(vendor.log.length).toBeGreaterThan(0);
      for (const { headers } of vendor.log) expect(headers['x-correlation-id']).toBe(call.correlationId);
      const written = JSON.stringify(log.kept);
      for (const secret of Object.values(vendor.env)) expect(written).not.toContain(secret);
      expect(written).not.toContain('@example.com');
      expect(log.kept.map(({ connection }) => connection)).toContain(vendor.system);
    });

    test('one malformed record among good ones is named with its reason; the good ones go on', async () => {
      const { connector, vendor, clock } = await connected(subject);
      vendor.setFault({ kind: 'malformed_record', externalId: second });
      clock.advance(minutes(1));
      const listed = await pages(connector, null, clock.now());
      expect(listed.map((item) => `${idOf(item)} ${item.kind}`).sort()).toEqual(
        [`${first} read`, `${second} malformed`, `${third} read`].sort(),
      );
      const [bad] = await connector.read([second], call);
      expect(bad).toMatchObject({
        kind: 'malformed',
        externalId: second,
        reason: expect.stringMatching(/\w/),
      });
    });

    test('a renamed key makes its field unread, and nothing else', async () => {
      const { connector, vendor } = await connected(subject);
      const [before] = await connector.read([first], call);
      vendor.setFault({ kind: 'renamed' });
      const [after] = await connector.read([first], call);
      expect(fieldsOf(after)).toEqual({ ...fieldsOf(before), email: { state: 'not_read' } });
      expect(after).toMatchObject({
        observation: {
          drift: [{ field: 'email', expected: subject.renamed.expected, found: [subject.renamed.found] }],
        },
      });
    });
  });

  describe(`${name}, writing`, () => {
    test('what is saved is read back as it was written, and nothing else changed', async () => {
      const { connector } = await connected(subject);
      const before = fieldsOf((await connector.read([first], call))[0]);
      const outcomes = await connector.write([write(first, subject.fields)], call);
      expect(outcomes).toEqual([{ kind: 'saved', key: 'intent-1', exchangeId: expect.any(Number) }]);
      const after = fieldsOf((await connector.read([first], call))[0]);
      const expected = Object.entries(subject.fields).map(([field, value]) => [
        field,
        { state: 'value', value: connector.project(field, value).value },
      ]);
      expect(after).toEqual({ ...before, ...Object.fromEntries(expected) });
    });

    test('clears', async () => {
      const { connector } = await connected(subject);
      const [outcome] = await connector.write(
        [write(first, { email: null, phone: null, billing_address: null })],
        call,
      );
      expect(outcome?.kind).toBe('saved');
      const after = fieldsOf((await connector.read([first], call))[0]);
      for (const field of ['email', 'phone', 'billing_address'])
        expect(after[field]).toEqual({ state: 'blank' });
    });

    test('each write has its outcome: a record that is gone does not stop the others', async () => {
      const { connector } = await connected(subject);
      const outcomes = await connector.write(
        [
          write(first, { abn: '53 004 085 616' }, 'a'),
          write(subject.absentId, { abn: '53 004 085 616' }, 'b'),
          write(second, { phone: '1300 975 707' }, 'c'),
        ],
        call,
      );
      expect(Object.fromEntries(outcomes.map(({ key, kind }) => [key, kind]))).toEqual({
        a: 'saved',
        b: 'refused',
        c: 'saved',
      });
    });

    test('a refusal comes with the vendor’s reason', async () => {
      const { connector, vendor } = await connected(subject);
      vendor.setFault({ kind: 'writes_refused', message: 'This period is locked' });
      const outcomes = await connector.write(
        [write(first, { abn: '1' }, 'a'), write(second, { abn: '2' }, 'b')],
        call,
      );
      expect(outcomes).toMatchObject([
        { key: 'a', kind: 'refused', reason: 'This period is locked' },
        { key: 'b', kind: 'refused', reason: 'This period is locked' },
      ]);
    });

    test('a connection cut after the write: sent again where that is safe, and nothing is doubled', async () => {
      const { connector, vendor } = await connected(subject);
      vendor.setFault({ kind: 'cut_after_write', times: 1 });
      const outcomes = await connector.write([write(first, subject.fields)], call);
      expect(outcomes.map(({ kind }) => kind)).toEqual(['saved']);
      expect(vendor.cards()).toHaveLength(3);
    });

    test('a write that never gets an answer is unknown', async () => {
      const { connector, vendor } = await connected(subject);
      vendor.setFault({ kind: 'cut_after_write', times: 9 });
      const [outcome] = await connector.write([write(first, { abn: '53 004 085 616' })], call);
      expect(outcome).toMatchObject({ kind: 'unknown', reason: `${name} hung up without an answer` });
    });
  });

  describe(`${name}, broken`, () => {
    const failing = async (fault: Parameters<PracticeVendor['setFault']>[0]) => {
      const { connector, vendor } = await connected(subject);
      vendor.setFault(fault);
      return connector.read([first], call).then(
        () => 'fine',
        ({ failure, message, connection }) => `${connection} ${failure}: ${message}`,
      );
    };

    test('says in plain words what is wrong', async () => {
      expect(await failing({ kind: 'server_error' })).toBe(
        `${id} unreachable: ${name} has a problem of its own (error 500)`,
      );
      expect(await failing({ kind: 'revoked' })).toContain(`${id} auth: ${name} has refused our sign-in`);
      expect(await failing({ kind: 'silent' })).toBe(`${id} silent: ${name} does not answer (waited 1 s)`);
      expect(await failing({ kind: 'html' })).toBe(
        `${id} nonsense: ${name} answered with a web page instead of data`,
      );
      expect(await failing({ kind: 'half_json' })).toBe(
        `${id} nonsense: ${name}’s answer broke off in the middle`,
      );
      expect(await failing({ kind: 'busy', retryAfterSeconds: 300 })).toBe(
        `${id} busy: ${name} asks us to wait 5 min`,
      );
    });

    test('waits a few seconds where the vendor asks for it', async () => {
      const { connector, vendor, clock } = await connected(subject);
      vendor.setFault({ kind: 'busy', retryAfterSeconds: 6 });
      expect((await connector.read([first], call)).map(({ kind }) => kind)).toEqual(['read']);
      expect(clock.now().getTime() - noon.getTime()).toBeGreaterThanOrEqual(6_000);
    });

    test('meets no limit of the vendor’s while it is the only caller', async () => {
      const { connector, vendor, clock } = await connected(subject, { callsPerMinute: 60 });
      for (let round = 0; round < 80; round += 1) {
        await connector.read([first], call);
        clock.advance(round % 7 === 0 ? 900 : 3);
      }
      expect(vendor.log.filter(({ status }) => status >= 400)).toEqual([]);
    });
  });
}

function systemNamed(label: string) {
  const found = Object.entries(systems).find(([, entry]) => entry.label === label)?.[0];
  if (!found) throw new Error(`no system is called ${label}`);
  return found as keyof typeof systems;
}
