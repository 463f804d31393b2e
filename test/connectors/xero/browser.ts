import { createHash, randomBytes } from 'node:crypto';

/** What a person's browser gets and sends on the practice Xero's consent page. */
export async function openPage(url: string) {
  const page = await fetch(url, { redirect: 'manual' });
  return { status: page.status, html: await page.text() };
}

/** Answers the page as a person would; returns where the browser is sent. `organisation` by name; null = cancels. */
export async function decide(url: string, organisation: string | null): Promise<URL> {
  const { status, html } = await openPage(url);
  if (status !== 200) throw new Error(`no consent page: ${status} ${html}`);
  const form = new URLSearchParams();
  for (const [, name, value] of html.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)) {
    form.set(unescaped(name), unescaped(value));
  }
  const choices = [...html.matchAll(/name="organisation" value="([^"]*)"[^>]*> ([^<]*)</g)];
  const chosen = choices.find(([, , name]) => unescaped(name) === organisation)?.[1];
  if (organisation !== null && !chosen) throw new Error(`the page does not offer ${organisation}`);
  if (chosen) form.set('organisation', chosen);
  form.set('decision', organisation === null ? 'deny' : 'allow');
  const sent = await fetch(new URL('/identity/connect/authorize', url), {
    method: 'POST',
    body: form,
    redirect: 'manual',
  });
  const location = sent.headers.get('location');
  if (sent.status !== 302 || !location) throw new Error(`not sent back: ${sent.status} ${await sent.text()}`);
  return new URL(location);
}

const unescaped = (text = '') =>
  text.replaceAll('&quot;', '"').replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&');

/** PKCE's pair. */
export function proof() {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

export const redirectUri = 'http://localhost:3000/oauth/callback';
