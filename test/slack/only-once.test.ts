import { expect, test } from 'vitest';
import { onlyOnce } from '#src/slack/only-once.ts';

test('the same envelope, or the same trigger in another, is nothing new', () => {
  const isNew = onlyOnce();
  expect(isNew(['envelope-1', 'trigger-1'])).toBe(true);
  expect(isNew(['envelope-1', 'trigger-1'])).toBe(false);
  expect(isNew(['envelope-2', 'trigger-1'])).toBe(false);
  expect(isNew(['envelope-3', undefined])).toBe(true);
});

test('what has no id at all is new each time', () => {
  const isNew = onlyOnce();
  expect([isNew([undefined]), isNew([undefined])]).toEqual([true, true]);
});

test('the oldest are forgotten, the newest are not', () => {
  const isNew = onlyOnce();
  for (let n = 0; n < 5000; n++) isNew([`e${n}`]);
  expect(isNew(['e4999'])).toBe(false);
  expect(isNew(['e0'])).toBe(true);
});
