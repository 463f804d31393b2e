import { customer } from './customer.ts';
import type { Entity } from './field.ts';

export { strongKey } from './strong-key.ts';

/** Everything that can be kept in step. */
export const entities: readonly Entity[] = [customer];
