import { ask } from '../../playground/vendors/kit.ts';

/** A person opens the page and presses a button, as a browser would send it. `back` is where they are sent. */
export async function allowInBrowser(url: string, answer: 'allow' | 'deny' = 'allow') {
  const page = await ask(url);
  const form = new URLSearchParams(
    [...page.text.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      value.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))),
    ]),
  );
  form.set('answer', answer);
  const response = await fetch(new URL('/oauth/authorize', url), {
    method: 'POST',
    body: form,
    redirect: 'manual',
  });
  return { page, back: new URL(response.headers.get('location') ?? 'http://nowhere/') };
}
