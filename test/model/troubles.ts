import type { Fault, FaultStep, Trouble } from '#src/playground/vendors/vendor.ts';
import type { Dice } from './dice.ts';
import type { Living } from './living.ts';
import { systems } from './vocabulary.ts';

const passing: readonly Trouble[] = [
  { kind: 'server_error' },
  { kind: 'bad_gateway' },
  { kind: 'html' },
  { kind: 'cut_before_write' },
  { kind: 'cut_after_write' },
  { kind: 'reset' },
  { kind: 'half_json' },
];

function troubleOf(dice: Dice, someId: (dice: Dice) => string): Fault {
  const times = dice.between(1, 4);
  const kind = dice.weigh({
    passing: 30,
    busy: 12,
    script: 20,
    seed: 12,
    refused: 8,
    revoked: 6,
    renamed: 4,
    malformed: 8,
  });
  switch (kind) {
    case 'passing':
      return { ...dice.pick(passing), times };
    case 'busy':
      return { kind: 'busy', retryAfterSeconds: dice.pick([1, 8, 45, 400]) };
    case 'script':
      return { kind: 'script', steps: Array.from({ length: dice.between(2, 6) }, () => stepOf(dice)) };
    case 'seed':
      return { kind: 'seed', seed: dice.between(1, 1_000_000), rate: dice.pick([0.1, 0.3, 0.6]) };
    case 'refused':
      return { kind: 'writes_refused', message: 'The period is closed', times };
    case 'revoked':
      return { kind: 'revoked', times };
    case 'renamed':
      return { kind: 'renamed' };
    case 'malformed':
      return { kind: 'malformed_record', externalId: someId(dice), times };
  }
}

const stepOf = (dice: Dice): FaultStep => {
  const trouble: FaultStep = dice.chance(40) ? { kind: 'fine' } : dice.pick(passing);
  return dice.chance(50) ? { ...trouble, on: dice.pick(['read', 'write']) } : trouble;
};

/** One vendor misbehaves from here on, for some calls or until it is mended. `someId` = of a record that it may spoil. */
export function trouble(world: Living, dice: Dice, someId: (dice: Dice) => string): void {
  const system = dice.pick(systems);
  const fault = troubleOf(dice, someId);
  world.house.vendors[system].setFault(fault);
  world.note(`  ${system}: ${JSON.stringify(fault)}`);
}

export function mend(world: Living): void {
  for (const system of systems) world.house.vendors[system].setFault(null);
}
