import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldValue } from '#src/entities/field.ts';
import {
  editorsOf,
  judgeChoice,
  type Question,
  secondsOf,
  type Verdict,
} from '#src/ledger/questions/approving.ts';

const people = ['U0PRIYA001', 'U0TOMW0001', 'U0MEIT0001', 'U0SAML0001'] as const;
const names = ['Priya Nair', 'Tom Walsh', 'Mei Tran', 'Sam Lee'] as const;
const approvers = people.map((slack, i) => ({
  slack,
  names: [names[i] ?? '', `${slack.toLowerCase()}@example.com`],
}));
const same = (a: FieldValue | null, b: FieldValue | null) => a === b;

const option = (changedBy: string | null, more: Partial<Question['options'][number]> = {}) => ({
  connection: 'hubspot',
  value: 'new',
  asAgreed: false,
  changedAt: null,
  changedBy,
  ...more,
});

describe('who made a change', () => {
  it.each(['Priya Nair', ' priya   NAIR ', 'U0PRIYA001@EXAMPLE.com', 'Ｐｒｉｙａ Nair'])(
    'is known as “%s”',
    (by) => {
      expect(editorsOf([option(by)], approvers)).toEqual([{ slack: 'U0PRIYA001', connections: ['hubspot'] }]);
    },
  );

  it.each([null, '', 'Priya', 'Nair', 'an import', 'Priya Nairs'])(
    'is nobody that we know, as “%s”',
    (by) => {
      expect(editorsOf([option(by)], approvers)).toEqual([]);
    },
  );

  it('is not who is named beside what was agreed before', () => {
    expect(editorsOf([option('Priya Nair', { asAgreed: true })], approvers)).toEqual([]);
  });

  it('cannot approve: all others can', () => {
    const options = [option('Priya Nair'), option('mei tran', { connection: 'xero' })];
    expect(secondsOf(options, approvers, null)).toEqual(['U0TOMW0001', 'U0SAML0001']);
    expect(secondsOf(options, approvers, 'U0TOMW0001')).toEqual(['U0SAML0001']);
  });
});

const person = fc.constantFrom(...people, 'U0STRANGE1');
const value = fc.constantFrom('a', 'b', 'c', null);
const question = fc.record({
  options: fc.array(
    fc.record({
      connection: fc.constantFrom('hubspot', 'xero', 'cin7-core'),
      value,
      asAgreed: fc.boolean(),
      changedAt: fc.constant(null),
      changedBy: fc.constantFrom(...names, 'an import', null),
    }),
    { minLength: 2, maxLength: 3 },
  ),
  agreedBefore: fc.constantFrom('a', null),
});
type Asked = Omit<Question, 'first'>;
type Press = { readonly by: string; readonly value: string | null };

/** Presses one after the other, as the ledger carries them out. Returns what each came to, up to the decision. */
function play(
  asked: Asked,
  presses: readonly Press[],
): { press: Press; verdict: Verdict; first: Question['first'] }[] {
  let first: Question['first'] = null;
  const played: { press: Press; verdict: Verdict; first: Question['first'] }[] = [];
  for (const press of presses) {
    const verdict = judgeChoice({ ...asked, first }, press, { approvers, same });
    played.push({ press, verdict, first });
    if (verdict.kind === 'decide') break;
    if (verdict.kind === 'first') first = { by: press.by, value: press.value };
  }
  return played;
}

const wasAgreed = ({ options, agreedBefore }: Asked) =>
  agreedBefore !== null || options.some((one) => one.asAgreed);

describe('two people, whoever presses what in which order', () => {
  const presses = fc.array(fc.record({ by: fc.constantFrom(...people), value }), { maxLength: 12 });

  it('decide a new value only where two different people chose it, neither of them an editor, with nothing between', () => {
    fc.assert(
      fc.property(question, presses, (asked, list) => {
        const last = play(asked, list).at(-1);
        if (last?.verdict.kind !== 'decide') return;
        const { press, first } = last;
        if (wasAgreed(asked) && press.value === asked.agreedBefore) return;
        const editors = editorsOf(asked.options, approvers).map(({ slack }) => slack);
        expect(first).not.toBeNull();
        expect(first?.by).not.toBe(press.by);
        expect(first?.value).toBe(press.value);
        expect(editors).not.toContain(press.by);
        expect(editors).not.toContain(first?.by);
      }),
    );
  });

  it('never decide anything new while only one person and the editors press', () => {
    fc.assert(
      fc.property(question, person, presses, (asked, one, list) => {
        const editors = editorsOf(asked.options, approvers).map(({ slack }) => slack);
        const few = list.filter(({ by }) => by === one || editors.includes(by));
        const last = play(asked, few).at(-1);
        if (last?.verdict.kind === 'decide') expect(last.press.value).toBe(asked.agreedBefore);
      }),
    );
  });

  it('keep what was agreed before with one press of anybody, at any time', () => {
    fc.assert(
      fc.property(question, presses, person, (asked, list, by) => {
        fc.pre(wasAgreed(asked));
        const before = play(asked, list).filter(({ verdict }) => verdict.kind !== 'decide');
        const first = before.findLast(({ verdict }) => verdict.kind === 'first')?.press ?? null;
        const verdict = judgeChoice(
          { ...asked, first },
          { by, value: asked.agreedBefore },
          { approvers, same },
        );
        expect(verdict).toEqual({ kind: 'decide', ends: first ? 'kept' : null });
      }),
    );
  });

  it('agree in either order: whoever of two is first, the value is decided', () => {
    fc.assert(
      fc.property(question, value, person, person, (asked, chosen, one, other) => {
        const can = secondsOf(asked.options, approvers, null);
        fc.pre(one !== other && can.includes(one) && can.includes(other));
        const by = (...order: string[]) =>
          play(
            asked,
            order.map((who) => ({ by: who, value: chosen })),
          ).at(-1);
        expect(by(one, other)?.verdict.kind).toBe('decide');
        expect(by(other, one)?.verdict.kind).toBe('decide');
      }),
    );
  });

  it('change nothing by pressing twice', () => {
    fc.assert(
      fc.property(question, presses, (asked, list) => {
        const kinds = (some: readonly Press[]) =>
          play(asked, some)
            .map(({ verdict }) => verdict.kind)
            .filter((kind) => kind !== 'again');
        const doubled = list.flatMap((press) => [press, press]);
        const dropped = kinds(doubled).filter((kind) => kind !== 'editor');
        expect(dropped).toEqual(kinds(list).filter((kind) => kind !== 'editor'));
      }),
    );
  });
});

describe('two people of whom one stands in for the other', () => {
  const dana = { slack: 'U0DANAL001', names: ['Dana Lee'], standsFor: ['U0PRIYA001'] };
  // Tom decides in his own right, and stands in for Mei.
  const away = [
    ...approvers.map((one) => (one.slack === 'U0TOMW0001' ? { ...one, standsFor: ['U0MEIT0001'] } : one)),
    dana,
  ];
  const pairs = [
    ['U0PRIYA001', 'U0DANAL001'],
    ['U0MEIT0001', 'U0TOMW0001'],
  ];
  const seatOf = (slack: string) => pairs.find((pair) => pair.includes(slack))?.[0] ?? slack;
  const judge = (asked: Question, by: string, chosen: string | null) =>
    judgeChoice(asked, { by, value: chosen }, { approvers: away, same });

  it('are told so, whichever comes first', () => {
    const asked = { options: [option(null)], agreedBefore: 'old' };
    for (const [one = '', other = ''] of [...pairs, ...pairs.map((pair) => pair.toReversed())]) {
      const first = { by: one, value: 'new' };
      expect(judge({ ...asked, first }, other, 'new')).toEqual({
        kind: 'same_person',
        as: one,
        did: 'first',
      });
      expect(secondsOf(asked.options, away, one)).not.toContain(other);
    }
    expect(judge({ ...asked, first: { by: 'U0DANAL001', value: 'new' } }, 'U0SAML0001', 'new').kind).toBe(
      'decide',
    );
  });

  it('do not approve each other’s changes', () => {
    const asked = { options: [option('Priya Nair')], agreedBefore: 'old', first: null };
    expect(judge(asked, 'U0DANAL001', 'new')).toEqual({
      kind: 'same_person',
      as: 'U0PRIYA001',
      did: 'change',
    });
    expect(secondsOf(asked.options, away, null)).toEqual(['U0TOMW0001', 'U0MEIT0001', 'U0SAML0001']);
  });

  it('never decide a new value between them, whatever is pressed in which order', () => {
    const presser = fc.constantFrom(...people, 'U0DANAL001');
    fc.assert(
      fc.property(question, fc.array(fc.record({ by: presser, value }), { maxLength: 12 }), (asked, list) => {
        let first: Question['first'] = null;
        for (const { by, value: chosen } of list) {
          const verdict = judge({ ...asked, first }, by, chosen);
          if (verdict.kind === 'first') first = { by, value: chosen };
          if (verdict.kind !== 'decide') continue;
          if (wasAgreed(asked) && chosen === asked.agreedBefore) return;
          const editors = editorsOf(asked.options, away).map(({ slack }) => seatOf(slack));
          expect(seatOf(first?.by ?? '')).not.toBe(seatOf(by));
          expect(editors).not.toContain(seatOf(by));
          expect(editors).not.toContain(seatOf(first?.by ?? ''));
          return;
        }
      }),
    );
  });
});
