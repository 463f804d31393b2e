/** `0255501234` → `(02) 5550 1234`, `0491570156` → `0491 570 156`; whatever else was typed stays as it is. */
export function nationalPhone(phone: string): string {
  if (/^04\d{8}$/.test(phone)) return phone.replace(/^(....)(...)(...)$/, '$1 $2 $3');
  return phone.replace(/^(0[2378])(\d{4})(\d{4})$/, '($1) $2 $3');
}

/** The three parts in which Xero keeps a number; whole in the last where it is no national number. */
export function phoneParts(phone: string): Readonly<Record<string, string>> {
  const [, area = '', number = ''] = /^0(4\d\d|[2378])(\d+)$/.exec(phone) ?? [];
  if (number === '') return { PhoneNumber: phone };
  return { PhoneCountryCode: '61', PhoneAreaCode: area, PhoneNumber: number };
}
