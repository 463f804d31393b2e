/** The number that a person typed; what stood there before where nothing was typed. */
export function typedNumber(typed: string | undefined, before: number): number {
  if (typed === undefined) return before;
  const number = Number(typed);
  if (typed.trim() === '' || !Number.isFinite(number)) throw new Error(`“${typed}” is not a number`);
  return number;
}
