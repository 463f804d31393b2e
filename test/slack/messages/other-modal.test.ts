import { describe, expect, it } from 'vitest';
import { same } from '#src/entities/field.ts';
import { gstRegistered } from '#src/entities/gst-registered.ts';
import { status } from '#src/entities/status.ts';
import { taxTreatment } from '#src/entities/tax.ts';
import { drawOther, initialOf, partsOf, readOther } from '#src/slack/messages/decision/other-modal.ts';

describe('the parts of a value that a person types', () => {
  it('stand in the order of a written address, whatever order the database gave them', () => {
    const stored = {
      city: 'Bega',
      line1: '31 Gipps St',
      line2: '',
      state: 'NSW',
      country: 'AU',
      postcode: '2550',
    };
    expect(partsOf({}, [stored]).map(({ name }) => name)).toEqual([
      'line1',
      'line2',
      'city',
      'state',
      'postcode',
      'country',
    ]);
  });

  it('keep their own order where nobody writes them as an address', () => {
    expect(partsOf({}, [{ days: 30, from: 'invoice_date' }]).map(({ name, kind }) => [name, kind])).toEqual([
      ['days', 'number'],
      ['from', 'choice'],
    ]);
  });

  it('are one of the choices where the field takes only certain values, whatever a system holds', () => {
    const parts = partsOf(taxTreatment, ['GST Free Income', null]);
    expect(parts).toMatchObject([{ name: 'value', kind: 'choice' }]);
    expect(parts[0]?.options?.map(({ label }) => label)).toEqual([
      'GST 10 %',
      'GST-free',
      'Export (GST-free)',
      'Input-taxed',
      'Out of scope',
    ]);
  });
});

describe('a choice', () => {
  const chosenAtFirst = (held: string) => {
    const view = drawOther({
      metadata: 'tr-7F3K92QDXB/status/r2/C0CUSTOMR',
      label: status.label,
      title: 'Example Timber',
      agreedBefore: null,
      needsTwo: false,
      parts: partsOf(status, [held]),
      initial: initialOf(status, held),
    });
    return view.blocks
      .flatMap((block) => ('element' in block ? [block.element] : []))
      .flatMap((element) => (element?.type === 'static_select' ? [element.initial_option?.value] : []));
  };

  it('stands at what the system holds, in whichever spelling, and at nothing where that is none of them', () => {
    expect(chosenAtFirst('ARCHIVED')).toEqual(['archived']);
    expect(chosenAtFirst('on hold')).toEqual([undefined]);
  });

  it('of yes or no comes back as what the systems hold', () => {
    const parts = partsOf(gstRegistered, [true, 'Ask Priya']);
    expect(parts[0]?.options?.map(({ label }) => label)).toEqual(['Yes', 'No']);
    expect([true, 'Registered', 'Ask Priya'].map((held) => initialOf(gstRegistered, held).value)).toEqual([
      'true',
      'true',
      'ASK PRIYA',
    ]);
    const typed = readOther(gstRegistered, { 'typed/value/choice': { typed: 'false' } });
    if (typed.kind !== 'value') throw new Error(JSON.stringify(typed));
    expect(same(gstRegistered, typed.value, false)).toBe(true);
    expect(gstRegistered.show(typed.value)).toBe('No');
  });

  it('comes back as the value, not as its label, and is checked by the field', () => {
    const submit = (value: string) => readOther(status, { 'typed/value/choice': { typed: value } });
    expect(submit('archived')).toEqual({ kind: 'value', value: 'archived' });
    expect(submit('on hold')).toMatchObject({ kind: 'errors' });
  });
});
