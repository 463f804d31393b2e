import { type Answer, type Call, json, jsonObject } from '../exchange.ts';
import { failure } from './errors.ts';
import { paged, parameter, utcMs } from './parameters.ts';
import { planProduct } from './product-rules.ts';
import { isDeprecated, newProduct, type Product, type Products, productBody } from './products.ts';
import { availabilityBody, type Stock } from './stock.ts';

export interface Goods {
  readonly products: Products;
  readonly stock: Stock;
}

const isGuid = (id: string) => /^[0-9a-f-]{36}$/.test(id);
const folded = (value: unknown) => String(value ?? '').toLowerCase();

/** `Name` and `Sku` find what contains them. */
export function listProducts(call: Call, { products }: Goods): Answer {
  const since = parameter(call, 'ModifiedSince');
  const sinceMs = since === null ? Number.NEGATIVE_INFINITY : utcMs(since);
  if (Number.isNaN(sinceMs)) return failure(400, `The value '${since}' is not valid for ModifiedSince.`);
  const id = parameter(call, 'ID')?.toLowerCase() ?? null;
  if (id !== null && !isGuid(id)) return failure(400, `The value '${id}' is not valid for ID.`);
  const [name, sku] = ['Name', 'Sku'].map((key) => folded(parameter(call, key)));
  const deprecatedToo = /^(true|1)$/i.test(parameter(call, 'IncludeDeprecated') ?? '');
  const found = products
    .all()
    .filter(
      (product) =>
        (deprecatedToo || !isDeprecated(product)) &&
        Date.parse(product.modifiedAt) >= sinceMs &&
        (id === null || product.ID === id) &&
        folded(product.fields.Name).includes(name ?? '') &&
        folded(product.fields.SKU).includes(sku ?? ''),
    );
  return paged(call, 'Products', found.map(productBody));
}

export function updateProduct(call: Call, { products }: Goods): Answer {
  const sent = jsonObject(call);
  if (!sent) return failure(400, 'The request body is not valid JSON');
  const before = products.get(String(sent.ID ?? ''));
  return before ? saved(before, sent, products) : failure(400, 'Product with specified ID not found');
}

/** There is no upsert: an `ID` means nothing here. */
export function createProduct(call: Call, { products }: Goods): Answer {
  const sent = jsonObject(call);
  return sent ? saved(newProduct(), sent, products) : failure(400, 'The request body is not valid JSON');
}

function saved(before: Product, sent: Readonly<Record<string, unknown>>, products: Products): Answer {
  const planned = planProduct(before, sent, products);
  if (!planned.ok) return failure(400, ...planned.problems);
  return json(200, { Total: 1, Page: 1, Products: [productBody(products.save(planned.product))] });
}

/** A row for each product, place, bin and batch that has anything. `ModifiedSince` is passed over in silence. */
export function listAvailability(call: Call, { products, stock }: Goods): Answer {
  const id = parameter(call, 'ID')?.toLowerCase() ?? null;
  if (id !== null && !isGuid(id)) return failure(400, `The value '${id}' is not valid for ID.`);
  const name = folded(parameter(call, 'Name'));
  const wants = (key: string, value: unknown) => {
    const wanted = parameter(call, key);
    return wanted === null || folded(wanted) === folded(value);
  };
  const found = stock.rows().flatMap((row) => {
    const product = products.get(row.productId);
    if (!product || (id !== null && row.productId !== id)) return [];
    const { fields } = product;
    const fits =
      folded(fields.Name).startsWith(name) &&
      wants('Sku', fields.SKU) &&
      wants('Location', row.location) &&
      wants('Batch', row.batch) &&
      wants('Category', fields.Category);
    return fits ? [availabilityBody(row, product)] : [];
  });
  return paged(call, 'ProductAvailabilityList', found);
}
