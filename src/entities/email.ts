import { z } from 'zod';
import type { Field, FieldValue } from './field.ts';
import { textOf, tidy } from './text.ts';

const address = z.email();
const bare = (value: FieldValue) => tidy(textOf(value).normalize('NFKC')).replace(/^(?:mailto:\s*)+/i, '');

/** Compared without case: the part before the @ may have one by the standard, but no mail provider of note has. */
export const email: Field = {
  name: 'email',
  label: 'Email',
  class: 'personal',
  normal: (value) => bare(value).toLowerCase().normalize('NFKC'),
  show: bare,
  problem(value) {
    const text = bare(value);
    if (address.safeParse(text).success) return null;
    const parts = text.split(/[;,\s]+/).filter(Boolean);
    if (parts.length > 1 && parts.every((part) => address.safeParse(part).success)) {
      return `This holds ${parts.length} email addresses, and the field takes one.`;
    }
    return 'This is not a complete email address.';
  },
};
