/** Where a database is, out of a connection string such as `postgres://truce:secret@db.example.com/shop?sslmode=verify-full`. */
export interface Place {
  /** For the driver: without the query, which holds more than the driver understands. */
  readonly href: string;
  /** A folder of a Unix socket (`?host=/run/postgresql`); null = the host of the URL. */
  readonly host: string | null;
  readonly ssl: 'prefer' | 'require' | 'verify-full' | false;
  readonly user: string;
  /** `postgresql://db.example.com:5432/shop`: no user, no password. */
  readonly shown: string;
  /** What must never be logged. */
  readonly secrets: readonly string[];
}

/** Null where the text is no connection string of PostgreSQL's. As libpq does, TLS is used where the server has it; `verify-ca` is taken as `verify-full`. */
export function placeOf(url: string): Place | null {
  const whole = url.trim().replace(/^(\w+:\/\/(?:[^@/?]*@)?)(?=[/?])/, '$1localhost');
  if (!/^postgres(ql)?:\/\//.test(whole) || !URL.canParse(whole)) return null;
  const parsed = new URL(whole);
  const host = parsed.searchParams.get('host');
  const ssl = sslOf(parsed.searchParams.get('sslmode'), host !== null);
  if (ssl === null) return null;
  parsed.search = '';
  const password = decoded(parsed.password);
  return {
    href: parsed.href,
    host,
    ssl,
    user: decoded(parsed.username),
    shown: `postgresql://${host === null ? parsed.host : 'localhost'}${parsed.pathname}`,
    secrets: [url, ...(password ? [password, parsed.password] : [])],
  };
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

function sslOf(mode: string | null, isSocket: boolean): Place['ssl'] | null {
  switch (mode) {
    case null:
      return isSocket ? false : 'prefer';
    case 'disable':
      return false;
    case 'allow':
    case 'prefer':
      return 'prefer';
    case 'require':
      return 'require';
    case 'verify-ca':
    case 'verify-full':
      return 'verify-full';
    default:
      return null;
  }
}
