import type { Flow } from '../../agreement/agreement.ts';
import { activeRulings } from '../../ledger/agreement/rulings.ts';
import type { Desk } from '../desk.ts';
import { drawRules } from '../messages/agreement/rules.ts';
import type { Drawn } from '../messages/blocks.ts';

/** What was agreed for one sync. It names no record, so everybody of the workspace may read it. */
export async function rulesAnswer(desk: Desk, flow: Flow): Promise<Drawn> {
  const { version, command } = desk.agreement();
  const entity = desk.entity(flow.entity);
  const rulings = (await activeRulings(desk.db)).filter((ruling) => ruling.flow === flow.id);
  const details = entity.fields.flatMap(({ name, label }) => {
    const terms = flow.fields[name];
    const ruling = rulings.find(({ field }) => field === name);
    return terms ? [{ label, terms, agreedIn: ruling?.version ?? null }] : [];
  });
  return drawRules({ flow, details, noun: entity.noun, labels: desk.labels, version, command });
}
