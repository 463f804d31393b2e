import { customer } from './customer.ts';
import type { Entity } from './field.ts';
import { invoice } from './invoice.ts';
import { payment } from './payment.ts';
import { product } from './product.ts';
import { stockLevel } from './stock-level.ts';

export { strongKey } from './strong-key.ts';

/** Everything that can be kept in step. */
export const entities: readonly Entity[] = [customer, product, stockLevel, invoice, payment];
