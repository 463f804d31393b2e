import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareLines } from '#src/ledger/chain/compare-lines.ts';
import { judgeLink, type Link, nextLink, pack, unpack } from '#src/ledger/chain/link.ts';
import { createSigner, type Signer } from '#src/ledger/chain/signer.ts';
import type { Line } from '#src/ledger/chain/sources.ts';

const keyOf = (seed: number) => new Uint8Array(32).fill(seed);
const printOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);
const start = Date.parse('2026-11-22T00:00:00.000Z');
const at = (minutes: number) => new Date(start + minutes * 60_000);

const line = (id: number, says = ''): Line => ({ id, at: at(id), print: printOf(`${id} ${says}`) });
const lists = fc.array(fc.array(fc.string(), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 });

/** Lines in the order of their ids, in as many links as there are lists. */
function chainOf(texts: readonly (readonly string[])[], signer: Signer | ((n: number) => Signer)): Link[] {
  const chain: Link[] = [];
  let id = 0;
  for (const some of texts) {
    const lines = some.map((says) => {
      id += 2;
      return line(id, says);
    });
    const by = typeof signer === 'function' ? signer(chain.length + 1) : signer;
    chain.push(nextLink(chain.at(-1) ?? null, { source: 'story', lines, at: at(10_000 + chain.length) }, by));
  }
  return chain;
}

const judged = (chain: readonly Link[], signer: Signer) =>
  chain.map((link, i) => judgeLink(link, chain[i - 1] ?? null, signer));
const isWhole = (chain: readonly Link[], signer: Signer) =>
  judged(chain, signer).every((one) => one === null);

describe('lines that were chained', () => {
  const some = fc.uniqueArray(fc.nat(1_000), { minLength: 1, maxLength: 40 });

  it('are found as they were, whatever they say', () => {
    fc.assert(
      fc.property(some, (ids) => {
        const lines = ids.sort((a, b) => a - b).map((id) => line(id));
        expect(unpack(pack(lines))).toEqual(lines.map(({ id, print }) => ({ id, print })));
        expect(compareLines(unpack(pack(lines)), lines)).toEqual({ changed: [], taken: [], added: [] });
      }),
    );
  });

  it('are missed one by one when somebody changes, takes away, puts in or swaps any of them', () => {
    fc.assert(
      fc.property(some, fc.nat(), fc.nat(), (ids, one, other) => {
        const lines = ids.map((id) => line(id));
        const entries = unpack(pack(lines));
        const touched = lines[one % lines.length] as Line;
        const second = lines[other % lines.length] as Line;
        const without = lines.filter((each) => each !== touched);
        const fresh = line(Math.max(...ids) + 1);
        const swapped = lines.map((each) =>
          each === touched
            ? { ...each, print: second.print }
            : each === second
              ? { ...each, print: touched.print }
              : each,
        );
        const { id } = touched;
        expect(compareLines(entries, [...without, { ...touched, print: printOf('else') }]).changed).toEqual([
          id,
        ]);
        expect(compareLines(entries, without).taken).toEqual([id]);
        expect(compareLines(entries, [...lines, fresh]).added).toEqual([fresh.id]);
        const both = touched === second ? [] : [id, second.id];
        expect(compareLines(entries, swapped).changed.toSorted()).toEqual(both.toSorted());
      }),
    );
  });
});

describe('links of the chain over the log', () => {
  const signer = createSigner([keyOf(1)]);
  const unsigned = createSigner([]);

  it('are whole as they were written, signed or not', () => {
    fc.assert(
      fc.property(lists, fc.constantFrom(signer, unsigned), (texts, by) => {
        expect(isWhole(chainOf(texts, by), by)).toBe(true);
      }),
    );
  });

  it('show it when anything that one of them says is changed', () => {
    const changes: ((link: Link) => Partial<Link>)[] = [
      (link) => ({ source: `${link.source}s` }),
      (link) => ({ firstId: link.firstId - 1 }),
      (link) => ({ lastId: link.lastId + 1 }),
      (link) => ({ lines: link.lines + 1 }),
      (link) => ({ from: new Date(link.from.getTime() - 1) }),
      (link) => ({ to: new Date(link.to.getTime() + 1) }),
      (link) => ({ at: new Date(link.at.getTime() + 1) }),
      (link) => ({ entries: pack([...unpack(link.entries).slice(1), line(9_999)]) }),
      (link) => ({ signedFrom: link.n + 1 }),
      (link) => ({ before: printOf(link.before) }),
      (link) => ({ hash: printOf(link.hash) }),
      (link) => ({ signature: createHash('sha256').update(link.hash).digest('hex') }),
      () => ({ signature: null }),
    ];
    fc.assert(
      fc.property(lists, fc.nat(), fc.constantFrom(...changes), (texts, which, change) => {
        const chain = chainOf(texts, signer);
        const i = which % chain.length;
        const forged = chain.map((link, j) => (i === j ? { ...link, ...change(link) } : link));
        expect(isWhole(forged, signer)).toBe(false);
      }),
    );
  });

  it('show it when one of them is taken out or two change places, but for the last', () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.array(fc.string(), { minLength: 1 }), lists),
        fc.nat(),
        ([first, rest], which) => {
          const chain = chainOf([first, ...rest], signer);
          const i = which % (chain.length - 1);
          expect(judged(chain.toSpliced(i, 1), signer)).toContain('gone');
          const renumbered = chain.toSpliced(i, 1).map((link, j) => ({ ...link, n: j + 1 }));
          expect(isWhole(renumbered, signer)).toBe(false);
          const turned = chain.with(i, chain[i + 1] as Link).with(i + 1, chain[i] as Link);
          expect(isWhole(turned, signer)).toBe(false);
        },
      ),
    );
  });

  it('cannot be written anew by somebody without the key, from whichever link on', () => {
    const others = [createSigner([keyOf(2)]), unsigned];
    fc.assert(
      fc.property(lists, fc.nat(), fc.constantFrom(...others), (texts, which, forger) => {
        const from = 1 + (which % texts.length);
        const forged = chainOf(texts, (n) => (n >= from ? forger : signer));
        const found = judged(forged, signer);
        // From the very first on it is another chain: then its end, or its beginning, tells that it is not signed by us.
        if (from > 1) expect(found[from - 1]).toBe('unsigned');
        else expect(signer.check(forged.at(-1) as Link)).not.toBe('good');
        // What we add then does not vouch for it.
        const next = nextLink(
          forged.at(-1) ?? null,
          { source: 'story', lines: [line(9_999)], at: at(0) },
          signer,
        );
        expect(next.signedFrom).toBe(next.n);
      }),
    );
  });

  it('are proved by an older key, and by a newer one alone once that has signed', () => {
    const both = createSigner([keyOf(2), keyOf(1)]);
    const chain = chainOf([['a'], ['b'], ['c'], ['d']], (n) => (n < 3 ? signer : both));
    expect(new Set(chain.map(({ key }) => key)).size).toBe(2);
    expect(isWhole(chain, both)).toBe(true);
    expect(chain.map(({ signedFrom }) => signedFrom)).toEqual([1, 1, 1, 1]);
    const newer = createSigner([keyOf(2)]);
    expect(isWhole(chain, newer)).toBe(true);
    expect(newer.check(chain.at(-1) as Link)).toBe('good');
    const forged = chain.map((link) => (link.n === 1 ? { ...link, entries: pack([line(2, 'z')]) } : link));
    expect(isWhole(forged, newer)).toBe(false);
  });

  it('say from where on they are signed, where there was no key at first', () => {
    const chain = chainOf([['a'], ['b'], ['c']], (n) => (n === 1 ? unsigned : signer));
    expect(isWhole(chain, signer)).toBe(true);
    expect(chain.map(({ signedFrom }) => signedFrom)).toEqual([null, 2, 2]);
  });
});
