import type { FieldValue, Observed } from '../../../entities/field.ts';
import { asTerms, blank } from '../../observed.ts';
import type { XeroBill } from './schema.ts';

/** Xero knows two more kinds than we compare ("the 20th of the following month"): those are kept as words, and written back from them. */
const fixedDay = { OFCURRENTMONTH: 'current', OFFOLLOWINGMONTH: 'following' } as const;
const fixedDayWords = /^day (\d{1,2}) of the (current|following) month$/i;

/** The terms of sales. Empty unless both the day and the kind are there. */
export function observedSales(sales: XeroBill | null | undefined): Observed {
  if (typeof sales?.Day !== 'number' || !sales.Type) return blank;
  const { Day: days, Type: type } = sales;
  if (type === 'DAYSAFTERBILLDATE') return { state: 'value', value: { days, from: 'invoice_date' } };
  if (type === 'DAYSAFTERBILLMONTH') return { state: 'value', value: { days, from: 'end_of_month' } };
  const month = Object.hasOwn(fixedDay, type) ? fixedDay[type as keyof typeof fixedDay] : null;
  return { state: 'value', value: month ? `Day ${days} of the ${month} month` : `${days} ${type}` };
}

/** What Xero takes for these terms; null where it can hold no such thing. */
export function toSales(value: FieldValue | null): { Day: number; Type: string } | null {
  const terms = asTerms(value);
  if (terms) {
    return {
      Day: terms.days,
      Type: terms.from === 'end_of_month' ? 'DAYSAFTERBILLMONTH' : 'DAYSAFTERBILLDATE',
    };
  }
  const [, day, month] = fixedDayWords.exec(String(value ?? '')) ?? [];
  if (!day) return null;
  return {
    Day: Number(day),
    Type: month?.toLowerCase() === 'current' ? 'OFCURRENTMONTH' : 'OFFOLLOWINGMONTH',
  };
}
