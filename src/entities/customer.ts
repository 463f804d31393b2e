import { billingAddress, deliveryAddress } from './address.ts';
import { abnField, acnField } from './business-numbers.ts';
import { email } from './email.ts';
import type { Entity, Observed } from './field.ts';
import { gstRegistered } from './gst-registered.ts';
import { customerSigns } from './likeness.ts';
import { legalName, tradingName } from './names.ts';
import { mobile, phone } from './phone.ts';
import { status } from './status.ts';
import { taxTreatment } from './tax.ts';
import { paymentTerms } from './terms.ts';
import { textOf } from './text.ts';

const shown = (observed: Observed | undefined) => (observed?.state === 'value' ? textOf(observed.value) : '');

/** Somebody we sell to: a company or a person with an ABN. */
export const customer: Entity = {
  name: 'customer',
  noun: { one: 'customer', many: 'customers' },
  fields: [
    legalName,
    tradingName,
    abnField,
    acnField,
    email,
    phone,
    mobile,
    billingAddress,
    deliveryAddress,
    paymentTerms,
    taxTreatment,
    gstRegistered,
    status,
  ],
  strongKeys: ['abn'],
  names: ['legal_name', 'trading_name'],
  signs: customerSigns,
  title: (fields) => shown(fields.trading_name) || shown(fields.legal_name) || 'Customer without a name',
};
