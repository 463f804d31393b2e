/**
 * Takes out of a call what nobody needs in a log: credentials, e-mail addresses, phone numbers, names of persons, bank
 * details. Company names, ABNs and business addresses stay: without them a call explains nothing.
 */
const secretKey =
  /token|secret|passw|authorization|api-?auth|apikey|api_key|application-?key|signature|bank|verifier|^code$|card/i;
const personalKey = /e-?mail|phone|mobile|fax|first_?name|last_?name|^contactpersons$|^attentionto$|birth/i;
/** Keys that look personal or secret and hold neither: kinds, flags and lists of property names. */
const harmlessKey = /type$|^includein|^properties(withhistory)?$|^category$|^token_?type$/i;

const email = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
/** Australian numbers as people write them. Never bare runs of eleven digits: those are ABNs. */
const phone = /(?<![\p{L}\p{N}])(?:\+61[ .-]?(?:\(0\)[ .-]?)?|\(?0)[2-478]\)?(?:[ .-]?\d){8}(?!\d)/gu;
const bearer = /\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi;

const longestText = 2_000;
const longestList = 100;

/** A text without e-mail addresses, phone numbers, bearer tokens and the given secrets. */
export function redactText(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of secrets) if (secret.length >= 4) clean = clean.replaceAll(secret, '[secret]');
  return clean.replace(bearer, '$1 [secret]').replace(email, '[e-mail]').replace(phone, '[phone]');
}

/** Pairs as JSON and forms write them, also where the end is missing. */
const pair = /"([\w-]{1,60})"\s*:\s*"((?:[^"\\]|\\.)*)"?|\b([\w-]{1,60})=([^&\s"'<>]+)/g;

/**
 * A body that is no JSON, or half of one: as {@link redactText}, and without the values of secret and personal fields that can
 * still be made out. A token end point's answer that breaks off has tokens in it that nobody knows yet.
 */
export function redactBroken(text: string, secrets: readonly string[] = []): string {
  const known = redactText(text, secrets);
  const clean = known.replace(pair, (whole, key: string | undefined, _value, name: string | undefined) => {
    const field = key ?? name ?? '';
    if (harmlessKey.test(field)) return whole;
    const mask = secretKey.test(field) ? '[secret]' : personalKey.test(field) ? '[hidden]' : null;
    if (mask === null) return whole;
    return key === undefined ? `${field}=${mask}` : `"${field}":"${mask}"`;
  });
  return cut(clean);
}

/** What a request itself holds that must stay in no log and no message: its sign-in, and the secret fields of its form. */
export function secretsOf(
  headers: Readonly<Record<string, string>> = {},
  form: Readonly<Record<string, string>> = {},
): string[] {
  return Object.entries({ ...headers, ...form }).flatMap(([name, value]) =>
    secretKey.test(name) && !harmlessKey.test(name) ? [value.replace(/^(Bearer|Basic)\s+/i, '')] : [],
  );
}

/** A JSON value with secret and personal fields masked, at any depth. Long texts and lists are cut. */
export function redactBody(value: unknown, secrets: readonly string[] = []): unknown {
  if (typeof value === 'string') return cut(redactText(value, secrets));
  if (Array.isArray(value)) {
    const kept = value.slice(0, longestList).map((item) => redactBody(item, secrets));
    return value.length > longestList ? [...kept, `… and ${value.length - longestList} more`] : kept;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) => [redactText(key, secrets), redactField(key, held, secrets)]),
  );
}

/** A URL without user, password and the values of secret or personal parameters. */
export function redactUrl(url: string, secrets: readonly string[] = []): string {
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  for (const name of new Set(parsed.searchParams.keys())) {
    if (secretKey.test(name) || personalKey.test(name)) parsed.searchParams.set(name, 'hidden');
  }
  const encoded = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]);
  return redactText(parsed.toString(), encoded);
}

function redactField(key: string, value: unknown, secrets: readonly string[]): unknown {
  if (harmlessKey.test(key) || isEmpty(value) || typeof value === 'boolean')
    return redactBody(value, secrets);
  if (secretKey.test(key)) return '[secret]';
  if (personalKey.test(key)) return Array.isArray(value) ? `[hidden: ${value.length}]` : '[hidden]';
  // Cin7 Core and Xero keep people in lists of contacts; the name of such an entry is a person's.
  if (/^contacts$/i.test(key) && Array.isArray(value))
    return value.map((item) => redactPerson(item, secrets));
  return redactBody(value, secrets);
}

/** Xero's answers call companies contacts too: an entry with an id of its own under `ContactID` is a company. */
function redactPerson(item: unknown, secrets: readonly string[]): unknown {
  const clean = redactBody(item, secrets);
  if (typeof clean !== 'object' || clean === null || Array.isArray(clean) || 'ContactID' in clean)
    return clean;
  return 'Name' in clean ? { ...clean, Name: '[hidden]' } : clean;
}

const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === '';

const cut = (text: string): string =>
  text.length > longestText ? `${text.slice(0, longestText)}… (${text.length} characters)` : text;
