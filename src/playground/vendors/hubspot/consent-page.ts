import type { Answer } from '../exchange.ts';

/** The page on which a person lets an app in. Passes on what the link asked for. */
export function consentPage(query: URLSearchParams, scopes: readonly string[]): Answer {
  const kept = [...query]
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`)
    .join('');
  const list = scopes.map((scope) => `<li><code>${escaped(scope)}</code></li>`).join('');
  return page(
    200,
    'Connect Truce to the practice HubSpot',
    `<p>Truce asks for these permissions in the account <strong>Example Trading Co</strong>:</p>
<ul>${list}</ul>
<form method="post" action="/oauth/authorize">${kept}
<button name="answer" value="allow">Connect app</button>
<button name="answer" value="deny">Cancel</button>
</form>`,
  );
}

export const refusalPage = (why: string): Answer =>
  page(400, 'Authorisation failed', `<p>${escaped(why)}</p><p>This is the practice HubSpot.</p>`);

function page(status: number, title: string, body: string): Answer {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<!DOCTYPE html>
<html lang="en-AU"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}button{font:inherit;padding:.5rem 1rem;margin-right:.5rem}</style>
</head><body><main><h1>${title}</h1>
${body}
</main></body></html>
`,
  };
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);
