import type { FieldTerms, Flow } from '#src/agreement/agreement.ts';
import type { Dice } from './dice.ts';
import { deciders } from './people.ts';
import { canHold, type FieldName, systems } from './vocabulary.ts';

/** The rule of one detail, mostly one of the usual ones. What makes a customer itself needs a person's word everywhere. */
export function termsFor(field: FieldName, dice: Dice): FieldTerms {
  const isKey = field === 'abn' || field === 'status';
  const rule = isKey
    ? 'approve'
    : dice.weigh({ overwrite: 30, read_only: 10, review: 40, approve: 15, latest: 5 });
  const asks = rule === 'review' || rule === 'approve';
  return {
    field,
    rule,
    systemOfRecord: dice.pick(systems.filter((system) => canHold(system, field))),
    decideWithinHours: asks && dice.chance(25) ? dice.pick([4, 24]) : null,
    ifNobodyChooses: dice.pick(['keep', 'owner_wins', 'hold']),
    twoPeople: rule === 'approve' && !isKey && dice.chance(30),
    between: [...systems],
  };
}

/** What else an agreement may say, another in every world. Mostly nothing is so much that it stops. */
export function flowOf(dice: Dice): Partial<Flow> {
  const isCareful = dice.chance(20);
  return {
    connections: dice.shuffle(systems),
    deciders: [...deciders],
    safetyStop: isCareful ? { records: 2, percent: 30 } : { records: 1000, percent: 100 },
    whenGone: dice.pick(['archive', 'ask', 'ignore']),
    sweep: '30 2 * * *',
  };
}
