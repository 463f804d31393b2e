import { createHash } from 'node:crypto';

/** A page for a person in a browser: one thing that happened, and what to do now. Pure. */
export interface PageWords {
  readonly title: string;
  /** A paragraph each. Plain text: whatever it holds is shown as it is. */
  readonly lines: readonly string[];
}

const style =
  'body{font:17px/1.5 system-ui,sans-serif;margin:0;background:#f6f5f1;color:#1d1c1a}' +
  'main{max-width:32rem;margin:12vh auto 0;padding:1.5rem}h1{font-size:1.4rem;line-height:1.3;margin:0 0 1rem}p{margin:0 0 .8rem}' +
  '@media(prefers-color-scheme:dark){body{background:#1d1c1a;color:#f0eee8}}';
const styleHash = createHash('sha256').update(style).digest('base64');

/** Nothing is loaded, nothing is kept, nobody is told where the person came from, and no other site can show the page inside its own. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

export function drawPage({ title, lines }: PageWords): string {
  const body = [`<h1>${text(title)}</h1>`, ...lines.map((line) => `<p>${text(line)}</p>`)].join('');
  return `<!doctype html><html lang="en-AU"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${text(title)}</title><style>${style}</style></head><body><main>${body}</main></body></html>`;
}

const marks: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const text = (words: string): string => words.replace(/[&<>"']/g, (mark) => marks[mark] ?? mark);
