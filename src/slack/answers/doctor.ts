import { actingFor } from '../../agreement/deputies.ts';
import { type Desk, refusalFor } from '../desk.ts';
import { doctorFacts } from '../facts/doctor.ts';
import type { Drawn } from '../messages/blocks.ts';
import { notOperator } from '../messages/refusals.ts';
import { drawDoctor } from '../messages/status/doctor.ts';
import { mayOperate, membership } from '../people.ts';
import type { Asker } from './asker.ts';

/** Looks at everything that Truce stands on, for an owner. */
export async function doctorAnswer(desk: Desk, asker: Asker): Promise<Drawn> {
  const refusal = refusalFor(membership(asker.person, desk.home()), 'operate');
  if (refusal) return refusal;
  const flows = Object.values(desk.agreement().flows);
  if (!flows.some((flow) => mayOperate(asker.person, flow, desk.home()).kind === 'yes'))
    return notOperator(
      flows.flatMap(({ owners }) =>
        [owners.business, owners.technical].map((owner) => actingFor(owner).slack),
      ),
    );
  return drawDoctor({ ...(await doctorFacts(desk)), command: asker.command });
}
