import type { PracticeSlack } from '../slack/practice-slack.ts';
import type { PracticeVendor } from '../vendors/vendor.ts';
import type { EditInput, FocusInput, PressInput } from './api.ts';
import { PageRefusal } from './refusal.ts';
import { cardOf, editCard, pressCard } from './screens.ts';
import type { Stage } from './stage.ts';

interface Surroundings {
  readonly slack: Pick<PracticeSlack, 'users'>;
  readonly vendors: readonly PracticeVendor[];
  readonly stage: Stage;
}

/** What a visitor does with the cards. Throws a refusal, in words for the visitor. */
export function cardWork({ slack, vendors, stage }: Surroundings) {
  const nameOf = (id: string) => slack.users().find((user) => user.id === id)?.name ?? id;
  const placeOf = ({ kind, system, externalId }: EditInput | PressInput) => {
    const vendor = vendors.find((one) => one.system === system);
    if (!vendor || !cardOf(vendor, kind, externalId))
      throw new PageRefusal('This record is no longer there.');
    return { vendor, kind, externalId };
  };
  return {
    edit: (input: EditInput): undefined => {
      editCard(placeOf(input), input.values, nameOf(input.as));
    },
    press: (input: PressInput): undefined => {
      pressCard(placeOf(input), { id: input.deed, typed: input.typed }, nameOf(input.as));
      stage.lookAgain(input.system);
    },
    focus: ({ kind, id }: FocusInput): undefined => {
      if (!stage.focus(kind, id)) throw new PageRefusal('There is no such record.');
    },
  };
}
