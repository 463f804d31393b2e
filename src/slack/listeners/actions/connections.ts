import { incidentById } from '../../../ledger/records/lookup.ts';
import { connectAnswer } from '../../answers/connect.ts';
import { checkedAnswer } from '../../answers/connections.ts';
import { waitingStep } from '../../answers/set-up.ts';
import { drawSetUp } from '../../messages/connections/set-up-modal.ts';
import { drawModalAnswer } from '../../messages/decision/other-modal.ts';
import { oldButton } from '../../messages/refusals.ts';
import { type Press, readAlertValue } from '../press.ts';
import { showForm } from '../show-form.ts';

/** "Check again": what somebody has just put right need not wait for tomorrow's look. */
export async function checkAgain({ desk, asker, onAnswer, reply }: Press): Promise<void> {
  return reply(await checkedAnswer(desk, asker), { replace: onAnswer });
}

/** "Connect Xero" in the list of connections. */
export async function askConnect({ desk, asker, value, reply }: Press): Promise<void> {
  const known = Object.hasOwn(desk.agreement().connections, value);
  return reply(known ? await connectAnswer(desk, asker, value) : oldButton(asker.command));
}

/** "Reconnect Xero" on an alert: personal, so each gets their own link, or hears who may. */
export async function reconnect({ desk, asker, value, reply }: Press): Promise<void> {
  const read = readAlertValue(value);
  const incident = read && (await incidentById(desk.db, read.number));
  return reply(
    incident?.connection ? await connectAnswer(desk, asker, incident.connection) : oldButton(asker.command),
  );
}

/** The link itself: the browser opens it, and there is nothing for us to do. */
export const openConnect = async (): Promise<void> => undefined;

const title = 'Approve a step';

/** "Create 6 properties…": opens a modal at once, then lists exactly what will be made. */
export const askSetUp = (press: Press): Promise<void> =>
  showForm(press, title, async () => {
    const { desk, asker, value, channel } = press;
    const found = await waitingStep(desk, asker, value);
    return 'answer' in found
      ? drawModalAnswer(title, found.answer)
      : drawSetUp({ metadata: [value, channel ?? ''].join('/'), ...found });
  });
