import { type Failure, failure, waitInWords } from '../http/failure.ts';
import { redactText } from '../http/redact.ts';

/** As people call it. */
export const label = 'Database';

/** What PostgreSQL says of a statement that did not work (protocol, "Error and Notice Message Fields"); the driver's own troubles have a code alone. */
interface Said {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly constraint_name?: unknown;
  readonly column_name?: unknown;
}

export interface Refusal extends Failure {
  /** SQLSTATE, where the database answered. */
  readonly sqlState: string | null;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
/** Values stand in quotation marks at the end of PostgreSQL's messages, names in the middle: what follows a colon is left out. */
const bare = (message: string): string =>
  redactText(message.replace(/: ".*$/s, '').replace(/\s+/g, ' ')).slice(0, 300);

/**
 * What a statement's error means, by its SQLSTATE (PostgreSQL 18 manual, appendix A) or the driver's code. Never repeats a value:
 * `detail` and `hint` are left out, for they do.
 */
export function failureOf(
  error: unknown,
  circumstances: { readonly timeoutMs: number; readonly now: Date },
): Refusal {
  const said = (typeof error === 'object' && error !== null ? error : {}) as Said;
  const code = text(said.code);
  if (/^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E'))
    return { ...answered(code, said, circumstances), sqlState: code };
  return { ...unanswered(code, circumstances), sqlState: null };
}

/** Nobody answered within the time; what was sent may have been carried out. */
export const silent = (timeoutMs: number): Failure =>
  failure('silent', `${label} does not answer (waited ${waitInWords(timeoutMs)})`, {
    mayHaveArrived: true,
    passing: true,
  });

function unanswered(code: string, { timeoutMs }: { readonly timeoutMs: number }): Failure {
  if (code === 'CONNECT_TIMEOUT') return { ...silent(timeoutMs), mayHaveArrived: false };
  if (/^CONNECTION_/.test(code) || code === 'ECONNRESET' || code === 'EPIPE') {
    return failure('unreachable', `${label} hung up without an answer`, {
      mayHaveArrived: true,
      passing: true,
    });
  }
  return failure('unreachable', `${label} cannot be reached (${code || 'no reason given'})`, {
    passing: true,
  });
}

function answered(
  code: string,
  said: Said,
  { timeoutMs, now }: { readonly timeoutMs: number; readonly now: Date },
): Failure {
  const message = text(said.message);
  const auth = (why: string) => failure('auth', `${label} has refused our sign-in: ${why}`, { reason: why });
  if (code.startsWith('28') || code === '3D000') return auth(bare(message));
  if (code === '42501') return auth(`${bare(message)}; a grant is missing`);
  if (code === '57014') return { ...silent(timeoutMs), mayHaveArrived: false };
  if (/^(40001|40P01|55P03)$/.test(code)) {
    const until = new Date(now.getTime() + 1_000);
    return failure('busy', `${label} is busy with somebody else’s changes to this row`, {
      resumeAt: until,
      passing: true,
    });
  }
  if (/^(08|53|57P|58|XX)/.test(code)) {
    return failure('unreachable', `${label} has a problem of its own (${bare(message) || code})`, {
      mayHaveArrived: true,
      passing: true,
    });
  }
  const reason = reasonOf(code, said, message);
  return failure('refused', `${label} has refused it: ${reason}`, { reason });
}

/** For people: which rule of the table a value broke. */
function reasonOf(code: string, said: Said, message: string): string {
  const column = text(said.column_name);
  const rule = `the rule “${text(said.constraint_name)}” of the table`;
  switch (code) {
    case '23505':
      return `another row has this value already, and ${rule} allows it once`;
    case '23514':
      return `${rule} does not allow this value`;
    case '23503':
      return `${rule} ties this value to another table, which does not have it`;
    case '23502':
      return `the column ${column} must not be empty`;
    case '22001':
      return `a text is too long for its column (${bare(message).replace(/^value too long for type /, '')})`;
    case '22P02':
    case '22003':
    case '22007':
    case '22008':
    case '22021':
      return `a column does not take such a value (${bare(message)})`;
    case '25006':
      return 'it can only be read: it is a standby, or the user may only read';
    default:
      return bare(message) || `error ${code}`;
  }
}
