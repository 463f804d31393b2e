import { describe, expect } from 'vitest';
import { systems } from '#src/connectors/registry.ts';
import type { Fault } from '#src/playground/vendors/vendor.ts';
import { call, noon } from '../connectors/kit.ts';
import { hook, listed, observed, probed, probeOf, showsAny, testOf, told, write } from './stage.ts';
import type { Stage, Subject } from './subject.ts';

/** How a vendor over HTTP fails, and what is made of it. */
export function breaking(title: string, subject: Subject): void {
  if (!showsAny(subject, 'vendor faults')) return;
  const [first, second] = subject.ids;
  const { label } = systems[subject.system];

  const broken = async (how?: Parameters<Subject['open']>[0]) => {
    const stage = await subject.open(how);
    return { ...stage, ...hook(stage.practice, 'practice') };
  };
  const test = (name: string, body: () => Promise<void>) => testOf(subject, 'vendor faults', name, body);
  const writes = subject.cannot.update === undefined ? test : () => undefined;
  const failing = async ({ connector }: Stage) =>
    connector.read([first], call).then(
      () => 'fine',
      ({ failure, message, connection }) => `${connection} ${failure}: ${message}`,
    );

  describe(`${title}, broken`, () => {
    test('says in plain words what is wrong', async () => {
      const says = async (fault: Fault) => {
        const fresh = await broken();
        fresh.vendor.setFault(fault);
        return failing(fresh);
      };
      const id = subject.system;
      expect(await says({ kind: 'server_error' })).toBe(
        `${id} unreachable: ${label} has a problem of its own (error 500)`,
      );
      expect(await says({ kind: 'bad_gateway' })).toBe(
        `${id} unreachable: ${label} has a problem of its own (error 502)`,
      );
      expect(await says({ kind: 'revoked' })).toContain(`${id} auth: ${label}`);
      expect(await says({ kind: 'silent' })).toBe(`${id} silent: ${label} does not answer (waited 1 s)`);
      expect(await says({ kind: 'html' })).toBe(
        `${id} nonsense: ${label} answered with a web page instead of data`,
      );
      const half = `${id} nonsense: ${label}’s answer broke off in the middle`;
      expect(await says({ kind: 'half_json' })).toBe(half);
      expect(await says({ kind: 'reset' })).toBe(half);
      expect(await says({ kind: 'busy', retryAfterSeconds: 300 })).toBe(
        `${id} busy: ${label} asks us to wait 5 min`,
      );
    });

    test('what passes by itself is tried again: nobody hears of it', async () => {
      const passing: readonly Fault[] = [
        { kind: 'server_error', times: 1 },
        { kind: 'bad_gateway', times: 1 },
        { kind: 'half_json', times: 1 },
        { kind: 'reset', times: 1 },
        { kind: 'silent', times: 1 },
        { kind: 'slow', seconds: 0.05, times: 1 },
      ];
      for (const fault of passing) {
        const stage = await broken();
        stage.vendor.setFault(fault);
        expect([fault.kind, told(await stage.connector.read([first], call))]).toEqual([
          fault.kind,
          [`${first} read`],
        ]);
      }
    });

    test('waits a few seconds where the vendor asks for it', async () => {
      const stage = await broken();
      stage.vendor.setFault({ kind: 'busy', retryAfterSeconds: 6 });
      expect(await failing(stage)).toBe('fine');
      expect(stage.clock.now().getTime() - noon.getTime()).toBeGreaterThanOrEqual(6_000);
    });

    writes('a refusal comes with the vendor’s reason', async () => {
      const stage = await broken();
      stage.vendor.setFault({ kind: 'writes_refused', message: 'This period is locked' });
      const writes = [write(first, probed(subject, 1), 'a'), write(second, probed(subject, 2), 'b')];
      expect(await stage.connector.write(writes, call)).toMatchObject([
        { key: 'a', kind: 'refused', reason: 'This period is locked' },
        { key: 'b', kind: 'refused', reason: 'This period is locked' },
      ]);
    });

    writes('cut once after a write that may be repeated: it is sent again, and saved', async () => {
      const stage = await broken();
      stage.vendor.setFault({ kind: 'cut_after_write', times: 1 });
      const outcomes = await stage.connector.write(
        [write(first, subject.repeatable ?? { abn: '53004085616' })],
        call,
      );
      expect(outcomes.map(({ kind }) => kind)).toEqual(['saved']);
      expect(await stage.count()).toBe(3);
    });

    writes('timed out after a write: unknown, and it is there', async () => {
      const stage = await broken();
      stage.vendor.setFault({ kind: 'silent_after_write' });
      const [outcome] = await stage.connector.write([write(first, probed(subject, 7))], call);
      expect(outcome).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('does not answer') });
      stage.vendor.setFault(null);
      const { fields } = await observed(stage.connector, first);
      const { field, value } = probeOf(subject);
      expect(fields[field]).toEqual({ state: 'value', value: value(7) });
    });

    test('meets no limit of the vendor’s while it is the only caller', async () => {
      const stage = await broken({ callsPerMinute: 60 });
      for (let round = 0; round < 80; round += 1) {
        await stage.connector.read([first], call);
        stage.clock.advance(round % 7 === 0 ? 900 : 3);
      }
      expect(stage.vendor.log.filter(({ status }) => status >= 400)).toEqual([]);
    });

    test('every call carries the reference, and no credential or e-mail address reaches the log', async () => {
      const stage = await broken();
      const { vendor, connector, clock, log } = stage;
      await listed(connector, null, clock.now());
      const sent = connector.supports('email') ? { email: 'new@example.com.au' } : probed(subject, 1);
      await connector.write([write(first, sent)], call);
      expect(vendor.log.length).toBeGreaterThan(0);
      for (const { headers } of vendor.log) expect(headers['x-correlation-id']).toBe(call.correlationId);
      const written = JSON.stringify(log?.kept);
      for (const secret of Object.values(vendor.env)) expect(written).not.toContain(secret);
      expect(written).not.toContain('@example.com');
      expect(log?.kept.map(({ connection }) => connection)).toContain(subject.system);
    });
  });
}
