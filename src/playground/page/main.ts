import { html, render } from 'htm/preact';
import { App } from './app.ts';

/** Whom the address names, so that a reload or a second window keeps its person; null lets the server choose. */
async function wanted(): Promise<string | null> {
  const as = new URLSearchParams(location.search).get('as');
  if (!as) return null;
  const answer = await fetch(`/practice/state?as=${encodeURIComponent(as)}`).catch(() => null);
  return answer?.status === 404 ? null : as;
}

const place = document.querySelector<HTMLElement>('#app');
if (place) render(html`<${App} first=${await wanted()} />`, place);
