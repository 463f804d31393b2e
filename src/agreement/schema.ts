import { z } from 'zod';
import { cronProblem } from '../slots.ts';
import { keptEntities } from './kept-entities.ts';

/** Messages go on after the setting's name: "time_zone is no time zone …". What is wrong across settings is found in the checks. */

const id = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'may hold small letters, digits, - and _ only');
const text = z.string().trim().min(1, 'is empty');
const count = z.int('must be a whole number').positive('must be 1 or more');
const zone = z.string().refine(isZone, 'is not a time zone');

function isZone(name: string): boolean {
  if (name !== 'UTC' && !name.includes('/')) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en-AU', { timeZone: name }));
  } catch {
    return false;
  }
}

const cron = z.string().superRefine((value, context) => {
  const message = cronProblem(value);
  if (message) context.addIssue({ code: 'custom', message });
});

const address = z
  .url({ protocol: /^https?$/, error: 'is not a web address' })
  .refine((url) => !/^https?:\/\/[^/]*@/.test(url), 'holds a user name or password');

const timeOfDay = z
  .string()
  .regex(/^(?:[01]?\d|2[0-3]):[0-5]\d$|^24:00$/, 'is not a time of day')
  .transform(minutesOf);

/** Minutes since midnight. */
function minutesOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * 60 + minute;
}

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const workingDays: (typeof weekdays)[number][] = ['mon', 'tue', 'wed', 'thu', 'fri'];
const hours = z.strictObject({
  days: z.array(z.enum(weekdays)).min(1, 'names no day').default(workingDays),
  from: timeOfDay.default(8 * 60),
  to: timeOfDay.default(18 * 60),
});

const variable = z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'is not the name of an environment variable');
const outside = z.strictObject({
  heartbeat: variable.optional(),
  fallback: variable.optional(),
  fallback_after_minutes: z.number().positive('must be more than 0').default(10),
});

const date = z.iso.date('is not a date');
const deputy = z.strictObject({ person: z.string(), from: date, to: date });
const person = z.strictObject({
  name: text,
  time_zone: zone.optional(),
  slack: z.string().regex(/^[UW][A-Z0-9]{5,20}$/, 'is not a Slack member ID'),
  known_as: z.array(text).default([]),
  deputies: z.array(deputy).default([]),
});

const credentials = z.record(z.string(), z.string());
const calls = z.strictObject({
  per_minute: count,
  per_day: count,
  for_people: z.int('must be a whole number').min(0, 'must be 0 or more').optional(),
});
const timeout_seconds = z
  .number()
  .positive('must be more than 0')
  .max(300, 'must be 300 or less')
  .default(10);
/** What can be said of every vendor's system. */
const vendors = {
  credentials,
  base_url: address.optional(),
  auth_url: address.optional(),
  calls,
  timeout_seconds,
};
/** Systems of the company's own have no plan that counts calls, and no address beside the one in their credentials. */
const own = { calls: calls.default({ per_minute: 30_000, per_day: 40_000_000 }), timeout_seconds };

/** Source: the vendor's own description of its API. */
const costingMethods = [
  ...['FIFO', 'Special - Batch', 'Special - Serial Number', 'FIFO - Serial Number', 'FIFO - Batch'],
  ...['FEFO - Batch', 'FEFO - Serial Number'],
] as const;
const taxCodes = z.record(z.string(), text).default({});
const columns = z
  .record(z.string(), z.union([text, z.record(z.string(), text)]))
  .refine((map) => Object.keys(map).length > 0, 'is empty');
const table = z
  .string()
  .regex(/^[^."\0]+(?:\.[^."\0]+)?$/, 'is not the name of a table, with or without its schema');

const connection = z.discriminatedUnion('system', [
  z.strictObject({
    system: z.literal('hubspot'),
    ...vendors,
    sign_in: z.enum(['token', 'oauth']).default('token'),
    billing_contact: z
      .union([z.enum(['property', 'only']), z.strictObject({ label: text })])
      .default('property'),
    won_stages: z.array(text).min(1).default(['closedwon']),
    won_since: date.optional(),
  }),
  z.strictObject({
    system: z.literal('xero'),
    ...vendors,
    sign_in: z.enum(['custom_connection', 'oauth']).default('custom_connection'),
    organisation: text.optional(),
    tax_codes: taxCodes,
    new_invoices: z
      .strictObject({
        status: z.enum(['draft', 'authorised']).default('draft'),
        account: text,
        due_days: z.number().int().min(0).max(365).default(30),
      })
      .optional(),
  }),
  z.strictObject({
    system: z.literal('cin7-core'),
    ...vendors,
    tax_codes: taxCodes,
    new_customers: z
      .strictObject({
        currency: text,
        payment_term: text,
        account_receivable: text,
        revenue_account: text,
        tax_rule: text,
      })
      .optional(),
    new_products: z
      .strictObject({
        category: text,
        unit: text,
        costing_method: z.enum(costingMethods, 'is none that Cin7 Core knows'),
        type: z.enum(['Stock', 'Service'], 'is none that Cin7 Core knows'),
      })
      .optional(),
    posts_invoices_to: text.optional(),
  }),
  z.strictObject({
    system: z.literal('postgresql'),
    ...own,
    credentials,
    table,
    key: text,
    columns,
    changes: z.union([z.literal('trigger'), z.strictObject({ column: text })]),
    marker: text.optional(),
  }),
  z.strictObject({
    system: z.literal('csv'),
    ...own,
    credentials: credentials.default({}),
    file: text.regex(/\.(?:csv|tsv|txt|xlsx)$/i, 'is neither a .csv nor an .xlsx file'),
    key: text,
    columns,
  }),
]);

const field = z.strictObject({
  rule: z.enum(['overwrite', 'read_only', 'review', 'approve', 'latest']),
  system_of_record: z.string().optional(),
  decide_within_hours: z.number().positive('must be more than 0').optional(),
  if_nobody_chooses: z.enum(['keep', 'owner_wins', 'hold']).optional(),
  two_people: z.boolean().default(false),
  between: z.array(z.string()).min(2, 'must name at least two').optional(),
});

const escalation = z.strictObject({
  after_minutes: z.number().positive('must be more than 0'),
  ask: z.array(z.string()).min(1, 'names nobody'),
});
const ladder = [
  { after_minutes: 30, ask: ['business'] },
  { after_minutes: 120, ask: ['technical', 'business'] },
];

const alert = z.strictObject({
  after_failures: count.optional(),
  after_minutes: z.number().positive('must be more than 0').optional(),
  after_percent: z.number().positive('must be more than 0').max(100, 'must be 100 or less').optional(),
  urgent: z.boolean().default(false),
  escalate: z.array(escalation).default(ladder),
});

const flow = z.strictObject({
  name: text,
  entity: z.enum(keptEntities, 'is no kind of record that Truce knows'),
  connections: z.array(z.string()).min(2, 'must name at least two'),
  match_by: z.string(),
  unmatched: z.enum(['wait', 'leave']).default('wait'),
  create_in: z.record(z.string(), z.array(z.string()).min(1, 'names no connection')).default({}),
  schedule: z.strictObject({ cron, time_zone: zone }),
  channel: z
    .string()
    .regex(/^#?[\p{Ll}\p{Lo}\p{N}_-]{1,80}$|^[CG][A-Z0-9]{5,20}$/u, 'is not the name of a Slack channel'),
  owners: z.strictObject({ business: z.string(), technical: z.string() }),
  deciders: z.array(z.string()).default([]),
  system_of_record: z.string(),
  late_after_minutes: z.number().positive('must be more than 0').default(10),
  alert: alert.default({ urgent: false, escalate: ladder }),
  when_gone: z.enum(['archive', 'ask', 'ignore']).default('ask'),
  safety_stop: z
    .strictObject({
      records: count.default(50),
      percent: z.number().positive('must be more than 0').max(100, 'must be 100 or less').default(20),
    })
    .default({ records: 50, percent: 20 }),
  sweep: z.union([z.literal('never'), cron]).default('30 2 * * *'),
  partial_after_hours: z.number().positive('must be more than 0').default(24),
  money_at_once: z.number().positive('must be more than 0').optional(),
  money_proof: z.union([z.literal('never'), cron]).optional(),
  forget_values_after_days: z.int('must be a whole number').positive('must be more than 0').default(30),
  fields: z.record(z.string(), field).refine((fields) => Object.keys(fields).length > 0, 'is empty'),
});

/** `truce.yml` as it is written. */
export const schema = z.strictObject({
  company: text,
  time_zone: zone,
  command: z
    .string()
    .regex(/^\/[a-z0-9_-]{1,31}$/, 'is not a slash command')
    .default('/sync'),
  hours: hours.default({ days: workingDays, from: 8 * 60, to: 18 * 60 }),
  outside: outside.default({ fallback_after_minutes: 10 }),
  people: z.record(id, person),
  connections: z.record(id, connection),
  flows: z.record(id, flow).refine((flows) => Object.keys(flows).length > 0, 'is empty'),
});

export type Written = z.infer<typeof schema>;
export type WrittenFlow = Written['flows'][string];
export type WrittenField = WrittenFlow['fields'][string];
export type WrittenConnection = Written['connections'][string];
