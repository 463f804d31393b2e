/** A company property as the properties API tells it. Source: HubSpot API 2026-09, properties. */
export interface Property {
  readonly name: string;
  readonly label: string;
  readonly type: 'string' | 'number' | 'datetime' | 'enumeration' | 'phone_number';
  readonly fieldType: 'text' | 'textarea' | 'number' | 'phonenumber' | 'date' | 'select';
  /** Made by the company, not by HubSpot. */
  readonly custom?: true;
  readonly readOnly?: true;
  readonly options?: readonly string[];
}

const line = (name: string, label: string): Property => ({ name, label, type: 'string', fieldType: 'text' });
const custom = (name: string, label: string): Property => ({ ...line(name, label), custom: true });
const stamp = (name: string, label: string): Property => ({
  name,
  label,
  type: 'datetime',
  fieldType: 'date',
  readOnly: true,
});
const count = (name: string, label: string): Property => ({
  name,
  label,
  type: 'number',
  fieldType: 'number',
});

export const companyProperties: readonly Property[] = [
  line('name', 'Company name'),
  custom('legal_name', 'Legal name'),
  custom('abn', 'ABN'),
  custom('billing_email', 'Billing email'),
  { name: 'phone', label: 'Phone', type: 'string', fieldType: 'phonenumber' },
  line('address', 'Street address'),
  line('address2', 'Street address 2'),
  line('city', 'City'),
  line('state', 'State'),
  line('zip', 'Postcode'),
  line('country', 'Country'),
  custom('payment_terms', 'Payment terms'),
  line('domain', 'Company domain name'),
  line('website', 'Website'),
  { name: 'description', label: 'Description', type: 'string', fieldType: 'textarea' },
  {
    name: 'industry',
    label: 'Industry',
    type: 'enumeration',
    fieldType: 'select',
    options: ['CONSTRUCTION', 'FOOD_BEVERAGES', 'RETAIL', 'WHOLESALE'],
  },
  count('numberofemployees', 'Number of employees'),
  count('annualrevenue', 'Annual revenue'),
  stamp('createdate', 'Create date'),
  stamp('hs_lastmodifieddate', 'Last modified date'),
  { ...count('hs_object_id', 'Record ID'), readOnly: true },
];

/** What HubSpot sends when no properties are asked for. */
export const defaultProperties = ['createdate', 'domain', 'hs_lastmodifieddate', 'hs_object_id', 'name'];

export const findProperty = (name: string): Property | undefined =>
  companyProperties.find((property) => property.name === name);

/** One entry of the list inside "Property values were not valid". */
export interface PropertyProblem {
  readonly isValid: false;
  readonly message: string;
  readonly error: string;
  readonly name: string;
}

const textLimit = 65_536;

/** Why HubSpot does not take a value, or null. `unknown` names properties that are not there at the moment. */
export function propertyProblem(
  name: string,
  value: string,
  unknown: readonly string[],
): PropertyProblem | null {
  const no = (error: string, message: string): PropertyProblem => ({ isValid: false, message, error, name });
  const property = unknown.includes(name) ? undefined : findProperty(name);
  if (!property) return no('PROPERTY_DOESNT_EXIST', `Property "${name}" does not exist`);
  if (property.readOnly) {
    return no('READ_ONLY_VALUE', `"${name}" is a read only property; its value cannot be set.`);
  }
  if (value === '') return null;
  if (property.type === 'number' && !/^-?\d+(\.\d+)?$/.test(value)) {
    return no('INVALID_LONG', `${value} was not a valid number.`);
  }
  if (property.options && !property.options.includes(value)) {
    return no(
      'INVALID_OPTION',
      `${value} was not one of the allowed options: [${property.options.join(', ')}]`,
    );
  }
  if (value.length > textLimit)
    return no('INVALID_STRING', `${name} is longer than ${textLimit} characters.`);
  return null;
}

/** A property in the answer of `GET /crm/properties/2026-09/companies`. */
export function describeProperty(property: Property): object {
  const { name, label, type, fieldType } = property;
  const options = (property.options ?? []).map((value, displayOrder) => ({
    label: value,
    value,
    displayOrder,
    hidden: false,
  }));
  return {
    name,
    label,
    type,
    fieldType,
    description: '',
    groupName: 'companyinformation',
    options,
    hasUniqueValue: false,
    calculated: false,
    hubspotDefined: !property.custom,
    modificationMetadata: {
      archivable: property.custom === true,
      readOnlyDefinition: !property.custom,
      readOnlyValue: property.readOnly === true,
    },
  };
}
