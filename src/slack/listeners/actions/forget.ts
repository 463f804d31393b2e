import { forgettable } from '../../answers/forget.ts';
import { drawModalAnswer } from '../../messages/decision/other-modal.ts';
import { drawForgetForm } from '../../messages/lookup/forget.ts';
import type { Press } from '../press.ts';
import { showForm } from '../show-form.ts';

const title = 'Erase a record';

/** "See what is erased…": opens a modal at once, then says what goes and what stays. */
export const askForget = (press: Press): Promise<void> =>
  showForm(press, title, async () => {
    const { desk, asker, value, channel } = press;
    const facts = await forgettable(desk, asker, value);
    return 'answer' in facts
      ? drawModalAnswer(title, facts.answer)
      : drawForgetForm(facts, [value, channel ?? ''].join('/'));
  });
