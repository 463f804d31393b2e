import { z } from 'zod';

/** What the environment says. Everything else that can be set is in the agreement. */
export interface Config {
  /** Null = the practice workspace. */
  readonly slack: {
    readonly botToken: string;
    /** For Socket Mode; null where Slack calls `/slack/events` instead. Exactly one of the two is there. */
    readonly appToken: string | null;
    readonly signingSecret: string | null;
    /** Where Slack's Web API is, with a slash at the end, when not at Slack. */
    readonly apiUrl: string | null;
  } | null;
  /** Null = the embedded database in `dataDir`. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly agreementPath: string;
  readonly port: number;
  /** Where vendors reach this Truce; no slash at the end. */
  readonly publicUrl: string;
  /**
   * What tokens are encrypted with, 32 bytes each: the first encrypts, all decrypt. Empty where TRUCE_SECRET_KEY is not set;
   * then no connection can sign in through its vendor's page.
   */
  readonly secretKeys: readonly Uint8Array[];
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  /** The value behind a credential's name in the agreement, if the environment has it. */
  credential(name: string): string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const webAddress = z.url({
  protocol: /^https?$/,
  error: 'is not a web address, such as https://truce.example.com',
});

const noKey = 'is not 32 bytes in base64 or hex';

/** 32 bytes as 64 hex digits, or in base64, also as web addresses have it. Null for anything else. */
function keyOf(value: string): Uint8Array | null {
  const text = value.trim();
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  return /^[\w+/-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : null;
}
const isKey = (value: string): boolean => keyOf(value) !== null;
const keysIn = (list: string): string[] => list.split(',').filter((one) => one.trim());

// Messages go on after the variable's name. They never repeat a value: it may be a secret in the wrong place.
const schema = z.object({
  SLACK_BOT_TOKEN: z.string().startsWith('xoxb-', 'is not a bot token: those start with xoxb-').optional(),
  SLACK_APP_TOKEN: z
    .string()
    .startsWith('xapp-', 'is not an app-level token: those start with xapp-')
    .optional(),
  SLACK_SIGNING_SECRET: z
    .string()
    .regex(/^[0-9a-f]{32,}$/i, 'is not a signing secret: those are 32 digits and letters a to f')
    .optional(),
  SLACK_API_URL: webAddress.optional(),
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: 'is not a PostgreSQL address, such as postgres://user@host/truce',
    })
    .optional(),
  TRUCE_DATA_DIR: z.string().default('.truce'),
  TRUCE_CONFIG: z.string().default('truce.yml'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'is not a port number')
    .transform(Number)
    .refine((port) => port <= 65_535, 'is not a port number: the highest is 65535')
    .default(3000),
  TRUCE_PUBLIC_URL: webAddress
    .refine((value) => !/[?#@]/.test(value), 'is more than a web address: leave out what has ?, # or @')
    .optional(),
  TRUCE_SECRET_KEY: z
    .string()
    .refine(isKey, `${noKey}: make one with \`openssl rand -base64 32\``)
    .optional(),
  TRUCE_SECRET_KEY_OLD: z
    .string()
    .refine((value) => keysIn(value).every(isKey), `holds something that ${noKey}`)
    .optional(),
  LOG_LEVEL: z.enum(levels, { error: `is none of ${levels.join(', ')}` }).default('info'),
});

/** The environment of this process. Nothing else reads it. */
export const environment = (): NodeJS.ProcessEnv => process.env;

/** Reads the settings, or says in plain lines what is wrong with them. A variable that is set to nothing counts as not set. */
export function readConfig(
  env: Environment,
): { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly problems: string[] } {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const read = schema.safeParse(given);
  if (!read.success) {
    return {
      ok: false,
      problems: read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}.`),
    };
  }
  const { data: rest } = read;
  const problems = [...slackProblems(read.data), ...keyProblems(read.data)];
  if (problems.length > 0) return { ok: false, problems };
  const config: Config = {
    slack: slackOf(read.data),
    databaseUrl: rest.DATABASE_URL ?? null,
    dataDir: rest.TRUCE_DATA_DIR,
    agreementPath: rest.TRUCE_CONFIG,
    port: rest.PORT,
    publicUrl: (rest.TRUCE_PUBLIC_URL ?? `http://localhost:${rest.PORT}`).replace(/\/+$/, ''),
    secretKeys: [rest.TRUCE_SECRET_KEY ?? '', ...keysIn(rest.TRUCE_SECRET_KEY_OLD ?? '')].flatMap(
      (value) => keyOf(value) ?? [],
    ),
    logLevel: rest.LOG_LEVEL,
    credential: (name) => (Object.hasOwn(given, name) ? given[name] : undefined),
  };
  return { ok: true, config };
}

const withSlash = (url: string) => (url.endsWith('/') ? url : `${url}/`);

function keyProblems({ TRUCE_SECRET_KEY, TRUCE_SECRET_KEY_OLD }: z.infer<typeof schema>): string[] {
  return TRUCE_SECRET_KEY_OLD && !TRUCE_SECRET_KEY
    ? [
        'TRUCE_SECRET_KEY_OLD is set, but TRUCE_SECRET_KEY is not. Set both, or put the only key into TRUCE_SECRET_KEY.',
      ]
    : [];
}

function slackOf(read: z.infer<typeof schema>): Config['slack'] {
  const {
    SLACK_BOT_TOKEN: botToken,
    SLACK_APP_TOKEN: appToken = null,
    SLACK_SIGNING_SECRET: signingSecret = null,
    SLACK_API_URL: apiUrl,
  } = read;
  return botToken ? { botToken, appToken, signingSecret, apiUrl: apiUrl ? withSlash(apiUrl) : null } : null;
}

function slackProblems(read: z.infer<typeof schema>): string[] {
  const {
    SLACK_BOT_TOKEN: bot,
    SLACK_APP_TOKEN: app,
    SLACK_SIGNING_SECRET: signing,
    SLACK_API_URL: api,
  } = read;
  if (app && signing)
    return [
      'SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both set. Set the first for Socket Mode, or the second where Slack calls Truce.',
    ];
  if (bot && !app && !signing)
    return [
      'SLACK_BOT_TOKEN is set, but SLACK_APP_TOKEN is not. Set both for a real workspace, or neither to practise. Without Socket Mode set SLACK_SIGNING_SECRET instead.',
    ];
  if (!bot && (app || signing))
    return [
      `${app ? 'SLACK_APP_TOKEN' : 'SLACK_SIGNING_SECRET'} is set, but SLACK_BOT_TOKEN is not. Set both for a real workspace, or neither to practise.`,
    ];
  if (api && !bot)
    return [
      'SLACK_API_URL is set, but SLACK_BOT_TOKEN and SLACK_APP_TOKEN are not. Set them too, or none of the three.',
    ];
  return [];
}
