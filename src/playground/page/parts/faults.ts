import type { MenuItem } from './popup.ts';

const mend = 'mend';

const kinds: readonly MenuItem[] = [
  { id: 'server_error', label: 'Server error', note: 'Every call answers 500' },
  { id: 'revoked', label: 'Sign-in revoked', note: 'The token is no longer accepted' },
  { id: 'silent', label: 'Silent', note: 'Calls are taken and never answered' },
  { id: 'busy', label: 'Busy', note: 'Answers 429 and asks to wait 30 seconds' },
  { id: 'renamed', label: 'A field renamed', note: 'E-mail addresses come under another name' },
];

/** The menu of "Break Xero". */
export function faultItems(fault: string | undefined): MenuItem[] {
  const items = kinds.map((kind) => ({ ...kind, checked: kind.id === fault }));
  return fault
    ? [...items, { id: mend, label: 'Mend Xero', note: 'As if nothing had been', checked: false }]
    : items;
}

/** What `POST /practice/break` takes for a choice of the menu. */
export const faultKind = (id: string): string | null => (id === mend ? null : id);

/** How a system is broken, for its card. */
export function faultWords(fault: string): string {
  const kind = kinds.find(({ id }) => id === fault);
  return `broken: ${kind ? kind.label.toLowerCase() : fault.replaceAll('_', ' ')}`;
}
