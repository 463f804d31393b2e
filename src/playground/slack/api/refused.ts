import type { Refusal } from '../blocks.ts';

/** A call that Slack answers with `ok: false`. */
export class Refused extends Error {
  readonly answer: Readonly<Record<string, unknown>>;
  constructor(error: string, more: Readonly<Record<string, unknown>> = {}) {
    super(error);
    this.answer = { ok: false, error, ...more };
  }
}

const metadata = (messages: readonly string[]) => ({ response_metadata: { messages } });

/** Throws when there is something to refuse. */
export function check(refusal: Refusal | null): void {
  if (refusal === null) return;
  throw new Refused(refusal.error, refusal.messages.length > 0 ? metadata(refusal.messages) : {});
}

export const badArgument = (message: string): Refused =>
  new Refused('invalid_arguments', metadata([`[ERROR] ${message}`]));
