import type { Flow } from '../../agreement/agreement.ts';
import type { Desk } from '../desk.ts';
import type { Drawn } from '../messages/blocks.ts';
import { drawRules } from '../messages/rules.ts';

/** What was agreed for one sync. It names no record, so everybody of the workspace may read it. */
export function rulesAnswer(desk: Desk, flow: Flow): Drawn {
  const { version, command } = desk.agreement();
  const entity = desk.entity(flow.entity);
  const details = entity.fields.flatMap(({ name, label }) => {
    const terms = flow.fields[name];
    return terms ? [{ label, terms }] : [];
  });
  return drawRules({ flow, details, noun: entity.noun, labels: desk.labels, version, command });
}
