/** Slack's mrkdwn, taken apart into plain data: nothing here ever becomes HTML, so vendor text cannot. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'strike'; readonly inside: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly url: string; readonly text: string }
  | { readonly kind: 'user' | 'channel' | 'group'; readonly id: string; readonly label: string | null }
  | { readonly kind: 'everybody'; readonly range: string }
  | {
      readonly kind: 'date';
      readonly timestamp: number;
      readonly format: string;
      readonly fallback: string;
      readonly url: string | null;
    }
  | { readonly kind: 'emoji'; readonly name: string };

export type Paragraph =
  | { readonly kind: 'paragraph' | 'quote'; readonly inside: readonly Inline[] }
  | { readonly kind: 'preformatted'; readonly text: string };

const marks = { '*': 'bold', _: 'italic', '~': 'strike' } as const;

/** Paragraphs of a mrkdwn text. Total: whatever cannot be understood stays as the text it is. */
export function parseMrkdwn(text: string): Paragraph[] {
  return text.split('```').flatMap((part, i, parts): Paragraph[] => {
    const fenced = i % 2 === 1 && i < parts.length - 1;
    if (fenced) return [{ kind: 'preformatted', text: unescapeText(part.replace(/^\n|\n$/g, '')) }];
    const open = i % 2 === 1 ? '```' : '';
    return paragraphs(open + part);
  });
}

function paragraphs(text: string): Paragraph[] {
  const found: { quote: boolean; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const quoted = /^(?:&gt;|>) ?/.exec(line);
    const last = found.at(-1);
    const rest = quoted ? line.slice(quoted[0].length) : line;
    if (last && last.quote === Boolean(quoted)) last.lines.push(rest);
    else found.push({ quote: Boolean(quoted), lines: [rest] });
  }
  return found
    .map(({ quote, lines }) => ({
      kind: quote ? ('quote' as const) : ('paragraph' as const),
      text: lines.join('\n'),
    }))
    .filter((part) => part.text.trim() !== '')
    .map((part) => ({ kind: part.kind, inside: parseInline(part.text.replace(/^\n+|\n+$/g, '')) }));
}

/** One run of text: marks, links, mentions, dates, emoji, code. */
export function parseInline(text: string): Inline[] {
  const out: Inline[] = [];
  let plain = '';
  const flush = () => {
    if (plain) out.push({ kind: 'text', text: unescapeText(plain) });
    plain = '';
  };
  for (let i = 0; i < text.length; ) {
    const token = tokenAt(text, i);
    if (token) {
      flush();
      out.push(token.inline);
      i += token.length;
    } else {
      plain += text[i];
      i += 1;
    }
  }
  flush();
  return out;
}

function tokenAt(text: string, i: number): { inline: Inline; length: number } | null {
  const char = text[i] ?? '';
  const rest = text.slice(i);
  if (char === '<') {
    const angle = /^<([^<>\n]+)>/.exec(rest);
    return angle?.[1] ? { inline: angled(angle[1]), length: angle[0].length } : null;
  }
  if (char === '`') {
    const code = /^`([^`\n]+)`/.exec(rest);
    return code?.[1]
      ? { inline: { kind: 'code', text: unescapeText(code[1]) }, length: code[0].length }
      : null;
  }
  if (char === ':') {
    const emoji = /^:([a-z0-9_+'-]+):/.exec(rest);
    const before = text[i - 1];
    return emoji?.[1] && !(before && /\d/.test(before) && /^\d+$/.test(emoji[1]))
      ? { inline: { kind: 'emoji', name: emoji[1] }, length: emoji[0].length }
      : null;
  }
  return char in marks ? marked(text, i, char as keyof typeof marks) : null;
}

/** `*bold*` counts only at the edges of words, as in "5 * 3 * 2", which is none. */
function marked(
  text: string,
  i: number,
  mark: keyof typeof marks,
): { inline: Inline; length: number } | null {
  const before = text[i - 1];
  if (before && /[\p{L}\p{N}]/u.test(before)) return null;
  if (/\s/.test(text[i + 1] ?? ' ')) return null;
  for (let end = text.indexOf(mark, i + 2); end !== -1; end = text.indexOf(mark, end + 1)) {
    const inside = text.slice(i + 1, end);
    if (inside.includes('\n')) return null;
    const after = text[end + 1];
    if (/\s$/.test(inside) || (after && /[\p{L}\p{N}]/u.test(after)) || insideAngle(inside)) continue;
    return { inline: { kind: marks[mark], inside: parseInline(inside) }, length: inside.length + 2 };
  }
  return null;
}

const insideAngle = (text: string) => text.lastIndexOf('<') > text.lastIndexOf('>');

function angled(body: string): Inline {
  const bar = body.indexOf('|');
  const target = bar === -1 ? body : body.slice(0, bar);
  const label = bar === -1 ? null : unescapeText(body.slice(bar + 1));
  if (/^@[UW]/.test(target)) return { kind: 'user', id: target.slice(1), label };
  if (/^#[CDG]/.test(target)) return { kind: 'channel', id: target.slice(1), label };
  if (target.startsWith('!subteam^')) return { kind: 'group', id: target.slice('!subteam^'.length), label };
  const date = /^!date\^(-?\d+)\^([^^]*)(?:\^(.+))?$/.exec(target);
  if (date) {
    const [, timestamp, format = '', url] = date;
    return {
      kind: 'date',
      timestamp: Number(timestamp),
      format: unescapeText(format),
      fallback: label ?? '',
      url: url ? unescapeText(url) : null,
    };
  }
  if (/^!(here|channel|everyone)$/.test(target)) return { kind: 'everybody', range: target.slice(1) };
  const url = unescapeText(target);
  if (safeUrl(url)) return { kind: 'link', url, text: label ?? url.replace(/^mailto:/, '') };
  return { kind: 'text', text: label ?? `<${unescapeText(body)}>` };
}

/** Only what a person may follow without harm; a `javascript:` address from a vendor's record stays text. */
export function safeUrl(url: string): boolean {
  return /^(https?:\/\/|mailto:|slack:\/\/app\?)/i.test(url);
}

/** Slack escapes three characters and no others. */
function unescapeText(text: string): string {
  return text.replace(/&(lt|gt|amp);/g, (_, name: string) =>
    name === 'lt' ? '<' : name === 'gt' ? '>' : '&',
  );
}
