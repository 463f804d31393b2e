/** Amounts and days as one reads them on a card; what is typed stays as the system has it. */

/** "1840.5" → "$1,840.50"; up to four decimals are kept, and what is no number stays as it is. */
export function money(text: string): string {
  const plain = text.trim();
  if (!isNumber(plain)) return text;
  const shown = Number(plain).toLocaleString('en-AU', { minimumFractionDigits: 2, maximumFractionDigits: 4 });
  return shown.startsWith('-') ? `-$${shown.slice(1)}` : `$${shown}`;
}

/** "46500" → "46,500". */
export function quantity(text: string): string {
  const plain = text.trim();
  return isNumber(plain) ? Number(plain).toLocaleString('en-AU', { maximumFractionDigits: 4 }) : text;
}

const isNumber = (text: string) => /^-?\d+(\.\d+)?$/.test(text);

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "2026-11-21" → "21 Nov 2026". A day of the calendar has no zone. */
export function dayWords(text: string): string {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text.trim()) ?? [];
  const name = months[Number(month) - 1];
  return name ? `${Number(day)} ${name} ${year}` : text;
}
