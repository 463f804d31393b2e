import type { Path } from './problem.ts';

/** What to write for a setting that is missing or wrong, by its name. */
const remedies: Readonly<Record<string, string>> = {
  company: 'Write the name of your company, such as “company: Example Trading Co”.',
  time_zone: 'Write an IANA name, such as “time_zone: Australia/Sydney”.',
  command: 'Write the slash command as it is installed in Slack, such as “command: /sync”.',
  hours:
    'Write when people may be called, such as “hours: { days: [mon, tue, wed], from: 8:00, to: 18:00 }”.',
  days: 'List working days, such as “days: [mon, tue, wed, thu, fri]”.',
  from: 'Write a time of day, such as “from: 8:00”.',
  to: 'Write a time of day that is later than “from”, such as “to: 18:00”.',
  outside:
    'Write names of environment variables that hold addresses, such as “outside: { heartbeat: TRUCE_HEARTBEAT_URL }”.',
  heartbeat:
    'Write the name of an environment variable, such as TRUCE_HEARTBEAT_URL; never the address itself.',
  fallback:
    'Write the name of an environment variable, such as TRUCE_FALLBACK_URL; never the address itself.',
  fallback_after_minutes: 'Write the minutes, such as “fallback_after_minutes: 10”.',
  people: 'List the people who own and decide, such as “priya: { name: Priya Nair, slack: U012AB3CD }”.',
  name: 'Write the name as people know it.',
  known_as:
    'List the names and e-mail addresses that systems show for this person, such as “known_as: [p.nair@example.com]”.',
  deputies:
    'Write who stands in, and from when to when, such as “deputies: [{ person: tom, from: 2026-12-21, to: 2027-01-08 }]”.',
  slack: 'In Slack, open the person’s profile, press ⋮ and “Copy member ID”: it looks like U012AB3CD.',
  connections: 'List the connections by name.',
  system: 'Write hubspot, xero, cin7-core, postgresql or csv.',
  credentials:
    'Write the names of the environment variables that hold them, such as “credentials: { token: HUBSPOT_TOKEN }”.',
  base_url: 'Write the whole address, such as https://api.example.com, or leave the line out.',
  auth_url: 'Write the whole address, such as https://login.example.com, or leave the line out.',
  calls: 'Write what your plan allows, such as “calls: { per_minute: 60, per_day: 5000 }”.',
  timeout_seconds: 'Write the seconds until a call counts as not answered, such as “timeout_seconds: 10”.',
  sign_in: 'Write token (HubSpot), custom_connection (Xero) or oauth, or leave the line out.',
  billing_contact:
    'Write property (the company’s own properties), only (its only contact) or { label: Billing contact }.',
  won_stages:
    'List the ids of the stages in which a deal is won, as HubSpot has them, such as “won_stages: [closedwon]”.',
  won_since:
    'Write the first day whose deals are made into invoices, as year, month and day, such as “won_since: 2026-07-01”.',
  organisation: 'Write the name of the Xero organisation, or leave the line out.',
  tax_codes:
    'Write this account’s code for each treatment, such as “tax_codes: { gst: OUTPUT, gst_free: EXEMPTOUTPUT }”.',
  new_invoices:
    'Write the account that sales are booked to, and when an invoice is due: “new_invoices: { status: draft, account: "200", due_days: 30 }”.',
  due_days: 'Write whole days from 0 to 365, such as “due_days: 30”.',
  account: 'Write the account’s code in quotes, such as “account: "200"”.',
  new_customers:
    'Write what Cin7 Core demands of a new customer: currency, payment_term, account_receivable, revenue_account and tax_rule.',
  new_products:
    'Write what Cin7 Core demands of a new product: category, unit, costing_method and type, such as “new_products: { category: Other, unit: Item, costing_method: FIFO, type: Stock }”.',
  costing_method: 'Write FIFO, or another costing method as Cin7 Core calls it, such as “FEFO - Batch”.',
  type: 'Write Stock or Service.',
  posts_invoices_to:
    'Write the connection into which Cin7 Core posts its invoices, or “posts_invoices_to: nobody”.',
  table: 'Write the table, with its schema if it needs one, such as “table: crm.customers”.',
  key: 'Write the column whose values tell the rows apart, such as “key: id”.',
  columns: 'Write the column of each field, such as “columns: { legal_name: name, abn: abn }”.',
  changes:
    'Write how changes are found: “changes: { column: updated_at }” for a column that every write moves, or “changes: trigger”.',
  marker: 'Write a text column for Truce’s own id, such as “marker: truce_id”, or leave the line out.',
  file: 'Write the file as seen from the folder of the agreement, such as “file: customers.csv”.',
  flows: 'Write at least one flow, such as “customers”.',
  entity: 'Write customer, product, stock_level, invoice or payment, such as “entity: customer”.',
  match_by: 'Write the field by which records are matched, such as “match_by: abn”.',
  unmatched:
    'Write wait (it says that it has no key, or is in one system only) or leave (it is left alone), or leave the line out.',
  create_in:
    'Write where records are made, and from which connections, such as “create_in: { xero: [hubspot] }”.',
  schedule: "Write when it runs, such as “schedule: { cron: '*/5 * * * *', time_zone: Australia/Sydney }”.",
  cron: "Write minute, hour, day, month and weekday in quotes, such as '*/5 * * * *' for every five minutes.",
  alert:
    'Write when a problem becomes an alert, and whom it calls, such as “alert: { after_failures: 2, urgent: true }”.',
  after_failures: 'Write after how many failed runs in a row an alert opens; 1 = at once.',
  escalate:
    'List who is asked when nobody takes a problem on, such as “escalate: [{ after_minutes: 30, ask: [business] }]”.',
  after_percent:
    'Write from which share of refused records on an alert opens, in percent, such as “after_percent: 5”.',
  after_minutes: 'Write the minutes, such as “after_minutes: 30”.',
  ask: 'Write business, technical, somebody of the people, or the ID of a Slack user group, such as S012AB3CD.',
  urgent: 'Write true where problems of this flow call people outside working hours too, or leave it out.',
  channel: 'Write the Slack channel without #, such as “channel: sync-customers”.',
  owners: 'Name two owners from the people above, such as “owners: { business: priya, technical: tom }”.',
  business: 'Name the person from the list of people who owns the data.',
  technical: 'Name the person from the list of people who looks after the sync.',
  deciders: 'List people by their short names, such as “deciders: [priya]”.',
  system_of_record: 'Name the connection that wins, such as “system_of_record: xero”.',
  decide_within_hours: 'Write a number of hours, such as “decide_within_hours: 24”.',
  if_nobody_chooses: 'Write keep, owner_wins or hold.',
  money_at_once: 'Write an amount in whole dollars, such as “money_at_once: 10000”, or leave it out.',
  money_proof: 'Write when it is looked at, such as “money_proof: 0 6 * * *”, or never.',
  two_people: 'Write true where a second person has to approve a new value, or leave it out.',
  between:
    'List the connections that take part with the field, such as “between: [hubspot, xero]”, or leave it out.',
  fields: 'List the fields with their rules, such as “email: { rule: review }”.',
  rule: 'Write overwrite, read_only, review, approve or latest.',
};

/** What to do about the setting at a path: of the setting itself, else of the group it is in. */
export function remedyOf(path: Path, otherwise = 'Correct this line.'): string {
  if (path.includes('deputies')) return remedies.deputies ?? otherwise;
  const [own, ...around] = path.filter((step) => typeof step === 'string').toReversed();
  const setting = [own, ...around.filter((name) => groups.has(name))].find(
    (name) => name !== undefined && Object.hasOwn(remedies, name),
  );
  return (setting && remedies[setting]) ?? otherwise;
}

/** Groups whose remedy says enough of what is in them. */
const groups = new Set([
  'calls',
  'columns',
  'tax_codes',
  'new_customers',
  'changes',
  'billing_contact',
  'create_in',
]);
