import { expect, onTestFinished, test } from 'vitest';
import { manualClock } from '#src/clock.ts';
import { type CourierOptions, openCourier, timetables } from '#src/playground/vendors/courier.ts';
import { eventually, hookTarget, noon } from './kit.ts';

const hour = 3_600_000;

/** Sends numbers; what a target is sent stands in `hooks`. */
async function courier(
  answer: (numbers: readonly number[], place: number) => number,
  options: Partial<CourierOptions<number>> = {},
) {
  const clock = manualClock(noon);
  const target = await hookTarget('/hooks', ({ body }, place) => answer(JSON.parse(body), place));
  const open = openCourier<number>({
    clock,
    timetable: timetables.hubspot,
    most: 2,
    pack: (events) => ({ body: JSON.stringify(events), headers: {} }),
    ...options,
  });
  onTestFinished(() => open.close());
  const sent = () => target.hooks.map(({ body }) => JSON.parse(body) as number[]);
  return { clock, open, url: target.url, sent };
}

const moment = () => new Promise((resolve) => setTimeout(resolve, 120));

test('what happens together goes out together, so many at a time', async () => {
  const { open, url, sent } = await courier(() => 200);
  open.send(0);
  open.setTarget(url);
  for (const event of [1, 2, 3]) open.send(event);
  await eventually(() => sent().length === 2);
  expect(sent().sort()).toEqual([[1, 2], [3]]);
});

test('what failed comes after what happened later', async () => {
  const { clock, open, url, sent } = await courier((_, place) => (place === 1 ? 500 : 200));
  open.setTarget(url);
  open.send(1);
  await eventually(() => sent().length === 1);
  open.send(2);
  await eventually(() => sent().length === 2);
  clock.advance(hour);
  await eventually(() => sent().length === 3);
  expect(sent()).toEqual([[1], [2], [1]]);
});

test.each([
  ['hubspot', 10, 24],
  ['xero', 97, 24],
  ['cin7-core', 6, 76 / 60],
] as const)('%s tries %i times within its hours, then no more', async (vendor, tries, hours) => {
  let gaveUp = 0;
  const givesUp = () => {
    gaveUp += 1;
    return true;
  };
  const timetable = timetables[vendor];
  const { clock, open, url, sent } = await courier(() => 500, { timetable, givesUp });
  open.setTarget(url);
  open.send(1);
  for (const [place, ms] of timetable.entries()) {
    expect(gaveUp).toBe(0);
    clock.advance(ms);
    await eventually(() => sent().length === place + 1);
  }
  await eventually(() => gaveUp === 1);
  expect(sent()).toHaveLength(tries);
  expect((clock.now().getTime() - noon.getTime()) / hour).toBeCloseTo(hours, 0);
  open.send(2);
  clock.advance(48 * hour);
  await moment();
  expect(sent()).toHaveLength(tries);
});

test('unruly: some come twice, some late, the same ones for the same seed; none is lost', async () => {
  const all = Array.from({ length: 20 }, (_, n) => n);
  const arrivals = async (seed: number) => {
    const { clock, open, url, sent } = await courier(() => 200, { most: 1 });
    open.setTarget(url, { unruly: seed });
    for (const event of all) open.send(event);
    for (let second = 0; second <= 10; second += 1) {
      clock.advance(1000);
      await moment();
    }
    await eventually(() => new Set(sent().flat()).size === all.length);
    await moment();
    return sent().flat();
  };
  const arrived = await arrivals(1);
  expect(new Set(arrived)).toEqual(new Set(all));
  expect(arrived.length).toBeGreaterThan(all.length);
  expect(arrived.slice(0, all.length)).not.toEqual(all);
  const inOrder = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);
  expect(inOrder(await arrivals(1))).toEqual(inOrder(arrived));
});
