import { actions, button, type Drawn, section } from '../blocks.ts';
import { answer } from '../refusals.ts';
import { escaped, named } from '../text.ts';
import { momentIn } from '../times.ts';

/** Questions to the one who pressed a button of an alert: ephemeral. Pure. */

/** Until when nobody is called for it: an hour, or the next working morning. */
export function drawSnoozeAsk({
  number,
  times,
  zone,
}: {
  readonly number: number;
  readonly times: readonly Date[];
  /** Where this person works. */
  readonly zone: string;
}): Drawn {
  const words = `*Snooze alert ${number}?* Until then it calls nobody, whoever owns it. Its message goes on showing how it stands, and anybody who may take it can wake it.`;
  const label = (at: Date, i: number) =>
    i === 0 ? '1 hour' : `Until ${momentIn(zone, at).replace(/^(\w+) .*, (\S+ \w+).*$/, '$1, $2')}`;
  const buttons = times.map((at, i) =>
    button({
      action: `alert_snooze:${at.getTime()}`,
      label: label(at, i),
      value: `${number}/snooze/r0`,
      says: `Snooze alert ${number}: ${momentIn(zone, at)}`,
    }),
  );
  return { text: answer(words).text, blocks: [section('what', words), actions('do', buttons)] };
}

/** To whom: the other owner of the sync. */
export function drawHandOverAsk({
  number,
  others,
}: {
  readonly number: number;
  readonly others: readonly { readonly name: string; readonly slack: string }[];
}): Drawn {
  const words = `*Hand alert ${number} over?* They hear of it, and are on it for two hours.`;
  const buttons = others.map(({ name, slack }) =>
    button({
      action: `alert_hand_to:${slack}`,
      label: named(name, 24),
      value: `${number}/hand/r0`,
      says: `Hand alert ${number} over to ${named(name, 40)}`,
    }),
  );
  return { text: escaped(answer(words).text), blocks: [section('what', words), actions('do', buttons)] };
}
