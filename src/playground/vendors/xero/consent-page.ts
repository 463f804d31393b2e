import type { Answer } from '../exchange.ts';
import type { Organisation } from './organisations.ts';

/** A plain page: what the app wants, which organisation, yes or no. What was asked travels along in the form. */
export function consentPage(
  asked: URLSearchParams,
  scopes: readonly string[],
  organisations: readonly Organisation[],
): Answer {
  const hidden = [...asked].map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  const choices = organisations.map(
    ({ id, name }, place) =>
      `<p><label><input type="radio" name="organisation" value="${id}"${place === 0 ? ' checked' : ''}> ${escaped(name)}</label></p>`,
  );
  const wants = scopes.map((scope) => `<li>${escaped(scope)}</li>`);
  const body = `<!DOCTYPE html>
<html lang="en-AU"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Practice Xero: allow access</title></head>
<body style="font-family: system-ui, sans-serif; max-width: 32rem; margin: 3rem auto; padding: 0 1rem">
<h1>Practice Xero</h1>
<p>Truce wants access to an organisation of yours:</p>
<ul>${wants.join('')}</ul>
<form method="post" action="/identity/connect/authorize">
${hidden.join('\n')}
<fieldset><legend>Organisation</legend>${choices.join('')}</fieldset>
<p><button name="decision" value="allow">Allow access</button> <button name="decision" value="deny">Cancel</button></p>
</form>
</body></html>
`;
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
