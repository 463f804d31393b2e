import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type EndedRun,
  type Failing,
  type IncidentMove,
  type JudgeInput,
  judge,
  type KnownIncident,
  keyOf,
} from '#src/alerts/detect.ts';
import type { RunFailure } from '#src/ledger/tables/runs.ts';

const minute = 60_000;
const at = (minutes: number) => new Date(Date.UTC(2026, 10, 20) + minutes * minute);
const signIn: RunFailure = { cause: 'auth', connection: 'xero', message: 'Xero has refused our sign-in.' };
const vanished: RunFailure = {
  cause: 'drift',
  connection: 'xero',
  field: 'phone',
  message: 'Xero no longer sends the phone.',
};
const authKey = 'customers/auth/xero/-';

const run = (more: Partial<EndedRun> = {}): EndedRun => ({
  id: 1,
  flow: 'customers',
  slot: at(0),
  state: more.failures?.length ? 'failed' : 'done',
  whole: true,
  failures: [],
  finishedAt: at(0),
  correlationId: 'tr-7F3K92QDXB',
  readFrom: [],
  ...more,
});

const incident = (more: Partial<KnownIncident> = {}): KnownIncident => ({
  id: 118,
  key: authKey,
  cause: 'auth',
  connection: 'xero',
  state: 'open',
  recoveredAt: null,
  message: signIn.message,
  data: { waiting: 6, waitingAtOpening: 6 },
  ...more,
});

const judged = (more: Partial<JudgeInput>) =>
  judge({
    run: run(),
    failedBefore: new Map(),
    incidents: [],
    alertAfterFailures: 1,
    alertAfterMinutes: null,
    waiting: 6,
    settled: 0,
    ...more,
  });

const failed = (runs: number, minutesAgo = 1): ReadonlyMap<string, Failing> =>
  new Map([[authKey, { runs, since: new Date(run().finishedAt.getTime() - minutesAgo * 60_000) }]]);

describe('a run that met a problem', () => {
  it('opens it, with what waits', () => {
    expect(judged({ run: run({ failures: [signIn] }) })).toEqual([
      {
        kind: 'open',
        key: authKey,
        cause: 'auth',
        connection: 'xero',
        message: signIn.message,
        data: { waiting: 6, waitingAtOpening: 6 },
      },
    ]);
  });

  it('opens one problem for what it met several times', () => {
    expect(judged({ run: run({ failures: [signIn, signIn] }) })).toHaveLength(1);
  });

  it('opens nothing before as many failed runs in a row as the flow wants', () => {
    const failing = { run: run({ failures: [signIn] }), alertAfterFailures: 3 };
    expect(judged({ ...failing, failedBefore: failed(1) })).toEqual([]);
    expect(judged({ ...failing, failedBefore: failed(2) })).toMatchObject([{ kind: 'open' }]);
  });

  it('opens it after so many minutes of failing, whichever comes first; with a time alone one failure is none', () => {
    const failing = { run: run({ failures: [signIn] }), alertAfterFailures: 9, alertAfterMinutes: 10 };
    expect(judged({ ...failing, failedBefore: failed(1, 9) })).toEqual([]);
    expect(judged({ ...failing, failedBefore: failed(1, 10) })).toMatchObject([{ kind: 'open' }]);
    expect(judged({ ...failing, failedBefore: failed(8, 1) })).toMatchObject([{ kind: 'open' }]);
    const timed = { ...failing, alertAfterFailures: null };
    expect(judged(timed)).toEqual([]);
    expect(judged({ ...timed, failedBefore: failed(100, 9) })).toEqual([]);
    expect(judged({ ...timed, failedBefore: failed(100, 11) })).toMatchObject([{ kind: 'open' }]);
  });

  it('opens nothing new while the same problem is open or taken, and edits only what shows', () => {
    for (const state of ['open', 'acknowledged'] as const) {
      const again = { run: run({ failures: [signIn] }), incidents: [incident({ state })] };
      expect(judged(again)).toMatchObject([{ kind: 'again', id: 118, shown: false }]);
      expect(judged({ ...again, waiting: 7 })).toMatchObject([
        { kind: 'again', shown: true, data: { waiting: 7, waitingAtOpening: 6 } },
      ]);
    }
  });

  it('says so once when what waits has doubled, and again at four times', () => {
    const steps = [8, 12, 13, 23, 24, 12, 24];
    let open = incident();
    const kinds = steps.map((waiting) => {
      const [move] = judged({ run: run({ failures: [signIn] }), incidents: [open], waiting });
      open = { ...open, data: move && 'data' in move ? move.data : {} };
      return move?.kind;
    });
    // The last one doubles once more from what it had fallen to; its line has the same key as before and is not said twice.
    expect(kinds).toEqual(['again', 'worse', 'again', 'again', 'worse', 'again', 'worse']);
  });

  it('carries until when the system asks us to wait, and forgets it with the next', () => {
    const resumeAt = at(5).toISOString();
    const busy: RunFailure = {
      cause: 'busy',
      connection: 'xero',
      message: 'Xero asks us to wait.',
      resumeAt,
    };
    expect(judged({ run: run({ failures: [busy], state: 'parked' }) })).toMatchObject([
      { kind: 'open', data: { resumeAt } },
    ]);
    const { resumeAt: _, ...unsaid } = busy;
    const known = incident({
      key: keyOf('customers', busy),
      cause: 'busy',
      data: { waiting: 6, waitingAtOpening: 6, resumeAt },
    });
    const [move] = judged({ run: run({ failures: [unsaid], state: 'parked' }), incidents: [known] });
    expect(move).toEqual({
      kind: 'again',
      id: 118,
      message: busy.message,
      data: { waiting: 6, waitingAtOpening: 6 },
      shown: true,
    });
  });

  it.each([
    [30, 'return'],
    [31, 'open'],
  ])('within %i minutes of its recovery is a %s', (minutes, kind) => {
    const over = incident({ state: 'recovered', recoveredAt: at(0) });
    expect(
      judged({ run: run({ failures: [signIn], finishedAt: at(minutes) }), incidents: [over] }),
    ).toMatchObject([{ kind }]);
  });
});

describe('a run without the problem', () => {
  it('recovers it when it looked at everything and came to a good end', () => {
    expect(judged({ incidents: [incident()], waiting: 0, settled: 6 })).toEqual([
      { kind: 'recover', id: 118, data: { waiting: 0, waitingAtOpening: 6, caughtUp: 6 } },
    ]);
  });

  it.each([
    ['it was for named records only', run({ whole: false })],
    ['it met something else', run({ failures: [{ ...signIn, connection: 'hubspot' }] })],
    ['it was asked to wait', run({ state: 'parked' })],
    ['it was given up', run({ state: 'abandoned' })],
  ])('leaves it open when %s', (_, unproven) => {
    expect(
      judged({ run: unproven, incidents: [incident()] }).filter(({ kind }) => kind === 'recover'),
    ).toEqual([]);
  });

  it('recovers a vanished field only if it read that system', () => {
    const drift = incident({ key: keyOf('customers', vanished), cause: 'drift' });
    expect(judged({ run: run({ readFrom: ['hubspot'] }), incidents: [drift] })).toEqual([]);
    expect(judged({ run: run({ readFrom: ['xero'] }), incidents: [drift] })).toMatchObject([
      { kind: 'recover' },
    ]);
  });

  it('recovers a late run only with the missed slot or a later one', () => {
    const late = incident({
      key: 'customers/late/-/-',
      cause: 'late',
      connection: null,
      data: { missedSlot: at(10).toISOString() },
    });
    expect(judged({ run: run({ slot: at(9) }), incidents: [late] })).toEqual([]);
    expect(judged({ run: run({ slot: at(10) }), incidents: [late] })).toMatchObject([{ kind: 'recover' }]);
  });
});

describe('over any history of runs', () => {
  const failure = fc.constantFrom<RunFailure>(signIn, vanished, {
    cause: 'unreachable',
    connection: 'hubspot',
    message: 'HubSpot cannot be reached.',
  });
  const ended = fc.record({
    failures: fc.uniqueArray(failure, { maxLength: 2 }),
    wait: fc.integer({ min: 1, max: 40 }),
    whole: fc.boolean(),
    waiting: fc.nat(30),
    readFrom: fc.constantFrom<string[]>([], ['xero']),
  });

  it('a problem is open once at most, recovers only after a good run, and opens only with a failure', () => {
    fc.assert(
      fc.property(
        fc.array(ended, { maxLength: 30 }),
        fc.integer({ min: 1, max: 3 }),
        (history, alertAfterFailures) => {
          const book = new Book();
          let now = 0;
          for (const { wait, ...one } of history) {
            now += wait;
            const state = one.failures.length > 0 ? 'failed' : 'done';
            const next = run({ ...one, state, finishedAt: at(now), slot: at(now) });
            const moves = book.judge(next, one.waiting, alertAfterFailures);
            for (const move of moves) {
              if (move.kind === 'recover') expect([state, one.whole]).toEqual(['done', true]);
              if (move.kind === 'open' || move.kind === 'return')
                expect(one.failures.length).toBeGreaterThan(0);
            }
            const open = book.incidents.filter(({ state }) => state !== 'recovered').map(({ key }) => key);
            expect(new Set(open).size).toBe(open.length);
          }
        },
      ),
    );
  });

  it('any number of identical failures is one alert', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 4 }),
        (times, alertAfterFailures) => {
          const book = new Book();
          const kinds = Array.from({ length: times }, (_, i) =>
            book
              .judge(run({ failures: [signIn], finishedAt: at(i) }), 6, alertAfterFailures)
              .map(({ kind }) => kind),
          ).flat();
          const expected = Math.max(0, times - alertAfterFailures + 1);
          expect(kinds).toEqual(['open', ...Array<string>(times).fill('again')].slice(0, expected));
        },
      ),
    );
  });
});

/** Problems and failed runs in a row, kept as the ledger keeps them. */
class Book {
  incidents: KnownIncident[] = [];
  failed = new Map<string, Failing>();

  judge(next: EndedRun, waiting: number, alertAfterFailures: number): IncidentMove[] {
    const moves = judge({
      run: next,
      failedBefore: this.failed,
      incidents: this.incidents,
      alertAfterFailures,
      alertAfterMinutes: null,
      waiting,
      settled: 0,
    });
    for (const move of moves) this.apply(move, next.finishedAt);
    const met = new Set(next.failures.map((failure) => keyOf(next.flow, failure)));
    if (next.whole && next.state === 'done') this.failed.clear();
    for (const key of met) {
      const { runs, since } = this.failed.get(key) ?? { runs: 0, since: next.finishedAt };
      this.failed.set(key, { runs: runs + 1, since });
    }
    return moves;
  }

  private apply(move: IncidentMove, now: Date): void {
    if (move.kind === 'open') {
      this.incidents.push(incident({ ...move, id: this.incidents.length + 1, state: 'open' }));
      return;
    }
    this.incidents = this.incidents.map((known) => {
      if (known.id !== move.id) return known;
      const over = move.kind === 'recover';
      return {
        ...known,
        data: move.data,
        state: over ? 'recovered' : 'open',
        recoveredAt: over ? now : null,
      };
    });
  }
}
