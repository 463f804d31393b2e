import { z } from 'zod';
import type { Fault } from '../vendors/vendor.ts';
import type {
  ActionInput,
  BreakInput,
  CommandInput,
  EditInput,
  FocusInput,
  HomeInput,
  Kind,
  PressInput,
  ShortcutInput,
  ShowInput,
  ViewInput,
} from './api.ts';

/** What the page may post, checked before anything is done with it. */

const id = z.string().min(1).max(300);
const text = z.string().max(12_000);
const system = z.enum(['hubspot', 'xero', 'cin7-core']);
const values = z.record(z.string(), z.record(z.string(), z.union([text, z.array(text).max(100), z.null()])));

export const commandInput: z.ZodType<CommandInput> = z.strictObject({
  as: id,
  channel: id,
  threadTs: id.nullable(),
  text: text.min(1),
});
export const actionInput: z.ZodType<ActionInput> = z.strictObject({
  as: id,
  channel: id.nullable(),
  ts: id.nullable(),
  viewId: id.nullable(),
  blockId: z.string().max(255),
  actionId: z.string().max(255),
  value: z.string().max(2_000).nullable(),
  values,
});
export const shortcutInput: z.ZodType<ShortcutInput> = z.strictObject({ as: id, channel: id, ts: id, id });
export const viewInput: z.ZodType<ViewInput> = z.strictObject({ as: id, viewId: id, values });
const kind = z.enum(['customer', 'product', 'sale'] satisfies Kind[]);
const kindOrCustomer = kind.default('customer');
const typed = z.record(id, z.string().max(500));
export const editInput: z.ZodType<EditInput> = z.strictObject({
  as: id,
  kind: kindOrCustomer,
  system,
  externalId: id,
  values: typed.refine((fields) => Object.keys(fields).length > 0, 'no field is named'),
});
export const pressInput: z.ZodType<PressInput> = z.strictObject({
  as: id,
  kind: kindOrCustomer,
  system,
  externalId: id,
  deed: id,
  typed,
});
export const showInput: z.ZodType<ShowInput> = z.strictObject({ kind });
export const focusInput: z.ZodType<FocusInput> = z.strictObject({ kind: kindOrCustomer, id });
export const homeInput: z.ZodType<HomeInput> = z.strictObject({ as: id });
export const burstInput = z.strictObject({ count: z.number().int().min(1).max(200) });

/** Seconds that a busy vendor asks to wait: long enough to see, short enough to stay for. */
const busySeconds = 30;
const faults = {
  server_error: { kind: 'server_error' },
  revoked: { kind: 'revoked' },
  silent: { kind: 'silent' },
  busy: { kind: 'busy', retryAfterSeconds: busySeconds },
  renamed: { kind: 'renamed' },
  html: { kind: 'html' },
  half_json: { kind: 'half_json' },
} as const satisfies Record<string, Fault>;
type FaultKind = keyof typeof faults;

export const breakInput: z.ZodType<BreakInput & { kind: FaultKind | null }> = z.strictObject({
  system,
  kind: z.enum(Object.keys(faults) as FaultKind[]).nullable(),
});

export function faultOf(kind: FaultKind | null): Fault | null {
  return kind === null ? null : faults[kind];
}

/** The first thing wrong with an input, in words: "values: no field is named". */
export function inputProblem(error: z.ZodError): string {
  const first = error.issues[0];
  return first ? `${first.path.join('.') || 'body'}: ${first.message}` : 'The request could not be read.';
}
