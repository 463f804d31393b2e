/** What of the deal it was made from an invoice carries in its `Url`. */
export interface Origin {
  /** Our record's id. */
  readonly marker: string;
  /** The deal's id. */
  readonly source: string;
  /** The deal's page; null where none was known. */
  readonly link: string | null;
}

/** Where the deal has no page that we know: Xero takes whole addresses alone. */
const nowhere = 'https://go.xero.com/';
const mark = /[#&]truce=([0-9a-z-]+)\.([^&]*)$/i;

/**
 * The address that people follow to the deal, with what tells us which deal and which record it is behind a `#`: nothing that the
 * other system's page looks at, and nothing that a person can type in Xero. By it a create without an answer is found again.
 */
export function urlOf({ marker, source, link }: Origin): string {
  const page = link ?? nowhere;
  return `${page}${page.includes('#') ? '&' : '#'}truce=${marker}.${encodeURIComponent(source)}`;
}

/** Null for an invoice that Truce did not make. */
export function originOf(url: string | null | undefined): Origin | null {
  const found = mark.exec(url?.trim() ?? '');
  if (!found) return null;
  const [, marker = '', source = ''] = found;
  const link = (url ?? '').trim().slice(0, found.index);
  return { marker: marker.toLowerCase(), source: decoded(source), link: link === nowhere ? null : link };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
