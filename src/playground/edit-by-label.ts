import type { PracticeVendor } from './vendors/vendor.ts';

/** As a person who looks for a customer by name and types into labelled fields: one save. Throws where the screen has no such customer or label. */
export function editByLabel(
  vendor: PracticeVendor,
  customer: string,
  values: Readonly<Record<string, string>>,
  editor: string,
): void {
  const card = vendor
    .cards()
    .find((candidate) => candidate.title.toLowerCase().includes(customer.toLowerCase()));
  if (!card) throw new Error(`${vendor.label} has no customer “${customer}”`);
  const keyed = Object.entries(values).map(([label, value]) => {
    const field = card.fields.find((candidate) => candidate.label === label);
    if (!field)
      throw new Error(
        `the ${vendor.label} card has no field “${label}”; it has ${card.fields.map((one) => one.label).join(', ')}`,
      );
    return [field.key, value];
  });
  vendor.edit(card.externalId, Object.fromEntries(keyed), editor);
}
