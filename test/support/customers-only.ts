import { readFileSync } from 'node:fs';
import type { Agreement } from '#src/agreement/agreement.ts';
import { loadAgreement } from '#src/agreement/load.ts';
import type { Overlay } from '#src/agreement/read.ts';

/** The text of `truce.yml` with its first flow alone, customers: most tests are about one flow. */
export function customersOnly(text = readFileSync('truce.yml', 'utf8')): string {
  const at = text.indexOf('\nflows:\n');
  const [, second] = [...text.slice(at).matchAll(/\n {2}[a-z][\w-]*:\n/g)];
  return second ? text.slice(0, at + second.index + 1) : text;
}

/** `truce.yml` as it is loaded, with its flow of customers alone. Throws where it is not in order. */
export async function customersAgreement(overlay: Overlay = {}): Promise<Agreement> {
  const loaded = await loadAgreement('truce.yml', overlay);
  if (!loaded.ok) throw new Error(loaded.problems.map((problem) => problem.message).join(' '));
  const { customers } = loaded.agreement.flows;
  if (!customers) throw new Error('truce.yml has no flow of customers');
  return { ...loaded.agreement, flows: { customers } };
}
