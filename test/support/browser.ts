/** A browser without a screen: keeps cookies as browsers do, and shows where it was sent. */
export interface PlainBrowser {
  /** Opens an address and goes where it is sent, until `stop` matches the next address or nobody sends it on. */
  open(url: string, stop?: RegExp): Promise<Shown>;
  /** Submits the first form of the page that is shown, with these values and whatever the form hides. */
  submit(page: Shown, values: Readonly<Record<string, string>>, stop?: RegExp): Promise<Shown>;
}

export interface Shown {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Where it would go next, if `stop` kept it from going. */
  readonly next: string | null;
}

interface Cookie {
  readonly value: string;
  readonly host: string;
  readonly path: string;
}

export function plainBrowser(): PlainBrowser {
  const cookies = new Map<string, Cookie>();
  const keep = (url: URL, headers: Headers) => {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...terms] = line.split(/;\s*/);
      const [name = '', value = ''] = pair.split('=');
      const term = (word: string) =>
        terms.find((one) => one.toLowerCase().startsWith(`${word}=`))?.slice(word.length + 1);
      if (term('max-age') === '0') cookies.delete(name);
      else cookies.set(name, { value, host: url.hostname, path: term('path') ?? '/' });
    }
  };
  const cookieHeader = (url: URL): Record<string, string> => {
    const fitting = [...cookies].filter(
      ([, { host, path }]) => host === url.hostname && url.pathname.startsWith(path),
    );
    return fitting.length > 0
      ? { cookie: fitting.map(([name, { value }]) => `${name}=${value}`).join('; ') }
      : {};
  };
  const go = async (address: string, init: RequestInit, stop?: RegExp): Promise<Shown> => {
    const url = new URL(address);
    const answer = await fetch(url, {
      ...init,
      headers: { ...(init.headers as Record<string, string>), ...cookieHeader(url) },
      redirect: 'manual',
    });
    keep(url, answer.headers);
    const location = answer.headers.get('location');
    const next = location && new URL(location, url).toString();
    if (next && !stop?.test(next)) return go(next, {}, stop);
    return { url: address, status: answer.status, headers: answer.headers, text: await answer.text(), next };
  };
  return {
    open: (url, stop) => go(url, {}, stop),
    submit: (page, values, stop) => {
      const action = /<form[^>]*action="([^"]*)"/.exec(page.text)?.[1] ?? '';
      const hidden = [...page.text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(
        ([, name = '', value = '']): [string, string] => [plain(name), plain(value)],
      );
      const checked = [...page.text.matchAll(/name="([^"]*)" value="([^"]*)" checked/g)].map(
        ([, name = '', value = '']): [string, string] => [plain(name), plain(value)],
      );
      const body = new URLSearchParams([...hidden, ...checked, ...Object.entries(values)]);
      return go(new URL(plain(action), page.url).toString(), { method: 'POST', body }, stop);
    },
  };
}

const plain = (html: string): string =>
  html.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
