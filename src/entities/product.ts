import type { Entity, Field, FieldValue, Observed } from './field.ts';
import { decimalOf } from './money/decimal.ts';
import { priceField } from './money/fields.ts';
import { codeField, textField } from './plain-fields.ts';
import { status } from './status.ts';
import { taxTreatment } from './tax.ts';
import { textOf } from './text.ts';

/** The code by which every system knows a product. */
export const sku: Field = codeField({ name: 'sku', label: 'SKU', class: 'open' });

const cost = priceField({ name: 'cost', label: 'Cost', class: 'open' });

const sellPrice: Field = {
  ...priceField({ name: 'sell_price', label: 'Sell price ex GST', class: 'open' }),
  warning: (value, beside) =>
    beside.cost !== undefined && isLess(value, beside.cost)
      ? `This is below the cost of ${cost.show(beside.cost)}.`
      : null,
};

function isLess(a: FieldValue, b: FieldValue): boolean {
  const [left, right] = [decimalOf(textOf(a)), decimalOf(textOf(b))];
  return (
    left !== null &&
    right !== null &&
    left.units * 10n ** BigInt(right.scale) < right.units * 10n ** BigInt(left.scale)
  );
}

const name: Field = {
  ...textField({ name: 'name', label: 'Name', class: 'open' }),
  problem: (value) =>
    /[\p{L}\p{N}]/u.test(textOf(value))
      ? null
      : `The name “${textOf(value)}” has neither letters nor digits.`,
};

const shown = (observed: Observed | undefined) => (observed?.state === 'value' ? textOf(observed.value) : '');

/** Something that we buy, stock and sell. */
export const product: Entity = {
  name: 'product',
  noun: { one: 'product', many: 'products' },
  fields: [
    sku,
    name,
    textField({ name: 'description', label: 'Description', class: 'open' }),
    sellPrice,
    cost,
    taxTreatment,
    codeField({ name: 'unit', label: 'Unit', class: 'open' }),
    status,
  ],
  strongKeys: ['sku'],
  names: ['name'],
  signs: [],
  title: (fields) => shown(fields.name) || shown(fields.sku) || 'Product without a name',
};
