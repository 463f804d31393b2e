import { refusalFor } from '../../desk.ts';
import { toldFacts } from '../../facts/told.ts';
import { drawModalAnswer } from '../../messages/decision/other-modal.ts';
import { drawTold } from '../../messages/told.ts';
import { membership } from '../../people.ts';
import type { Press } from '../press.ts';
import { showForm } from '../show-form.ts';

const title = 'How you are told';

/** "How you are told…", on the board and on the message of what waits. */
export const askHowTold = (press: Press): Promise<void> =>
  showForm(press, title, async () => {
    const { desk, asker } = press;
    const refusal = refusalFor(membership(asker.person, desk.home()), 'operate');
    return refusal ? drawModalAnswer(title, refusal) : drawTold(await toldFacts(desk, asker.id));
  });
