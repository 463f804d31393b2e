/** An exact decimal number: `units` tenths of tenths …, `scale` of them: 12.50 is 1250 with the scale 2. Never a float. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/** Digits, with or without commas between thousands; nothing is guessed of "1,5" or "1.234,50". */
const plain = /^([+-]?)(\d+|\d{1,3}(?:,\d{3})+)?(?:\.(\d+))?(?:e([+-]?\d{1,3}))?$/i;
/** No system counts finer, and no number of theirs is longer. */
const longest = 40;

/**
 * The number that a text or a vendor's JSON says, exactly as it is written there; null where it is none. A JavaScript number counts as
 * the shortest text that stands for it: 0.1 is one tenth.
 */
export function decimalOf(value: string | number): Decimal | null {
  const text = String(value).trim();
  const found = text.length > longest ? null : plain.exec(text);
  if (!found) return null;
  const [, sign, whole = '', part = '', power = '0'] = found;
  if (whole === '' && part === '') return null;
  const units = BigInt(`${whole.replaceAll(',', '')}${part}`) * (sign === '-' ? -1n : 1n);
  const scale = part.length - Number(power);
  const decimal = scale < 0 ? { units: units * 10n ** BigInt(-scale), scale: 0 } : shortest({ units, scale });
  return printDecimal(decimal).length > longest ? null : decimal;
}

/** Without zeros at its end: equal numbers are then equal to the letter. */
function shortest({ units, scale }: Decimal): Decimal {
  let [left, digits] = [units, scale];
  while (digits > 0 && left % 10n === 0n) {
    left /= 10n;
    digits -= 1;
  }
  return { units: left, scale: digits };
}

/** "12.5", "-0.25", "1000". Reads back as the same number. */
export function printDecimal(decimal: Decimal): string {
  const { units, scale } = shortest(decimal);
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const [whole, part] = [digits.slice(0, digits.length - scale), digits.slice(digits.length - scale)];
  return `${units < 0n ? '-' : ''}${whole}${part === '' ? '' : `.${part}`}`;
}

export const times = (a: Decimal, b: Decimal): Decimal => ({
  units: a.units * b.units,
  scale: a.scale + b.scale,
});

/** The number times 10^digits, where that is whole; null where something would be cut off. */
export function inUnits({ units, scale }: Decimal, digits: number): bigint | null {
  if (scale <= digits) return units * 10n ** BigInt(digits - scale);
  const cut = 10n ** BigInt(scale - digits);
  return units % cut === 0n ? units / cut : null;
}

/** The number times 10^digits, rounded as {@link rounded} does. */
export const roundedTo = ({ units, scale }: Decimal, digits: number): bigint =>
  scale <= digits
    ? units * 10n ** BigInt(digits - scale)
    : rounded({ over: units, under: 10n ** BigInt(scale - digits) });

/** An exact fraction; `under` is positive. */
export interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

export const sumOf = (fractions: readonly Fraction[]): Fraction =>
  fractions.reduce(
    (sum, { over, under }) =>
      sum.under === under
        ? { over: sum.over + over, under }
        : { over: sum.over * under + over * sum.under, under: sum.under * under },
    { over: 0n, under: 1n },
  );

/** The nearest whole number; a half goes away from zero, so that a credit note comes to what its invoice came to. */
export function rounded({ over, under }: Fraction): bigint {
  const size = over < 0n ? -over : over;
  const nearest = (2n * size + under) / (2n * under);
  return over < 0n ? -nearest : nearest;
}
