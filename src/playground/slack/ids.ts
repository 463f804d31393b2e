import { randomUUID } from 'node:crypto';

/** Slack names blocks and elements that the app left without a name. */
export function withIds<B>(blocks: readonly B[]): B[] {
  return blocks.map((block) => {
    const named: Record<string, unknown> = { block_id: randomUUID().slice(0, 5), ...block };
    if (named.type === 'actions' && Array.isArray(named.elements))
      named.elements = named.elements.map(withActionId);
    if (named.accessory !== undefined) named.accessory = withActionId(named.accessory);
    if (named.type === 'input') named.element = withActionId(named.element);
    return named as B;
  });
}

function withActionId(element: unknown): unknown {
  const { type } = element as { type: string };
  return type === 'image' ? element : { action_id: randomUUID().slice(0, 5), ...(element as object) };
}
