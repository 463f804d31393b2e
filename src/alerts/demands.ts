/** A vendor's reasons that speak of its own rules: something that has to be there now, or a value that it no longer takes. */
const demands = [
  /\b(?:is|are) (?:now )?(?:required|mandatory)\b/i,
  /\brequired (?:field|property|propert|value|parameter)/i,
  /\bmissing required\b/i,
  /\bmust (?:be (?:provided|specified|supplied|set|given)|have an? )/i,
  /\b(?:cannot|can not|must not|may not) be (?:empty|blank|null)\b/i,
  /\bnot one of the allowed\b/i,
  /\b(?:is )?not (?:a|an) (?:valid|allowed|accepted) (?:option|value|choice)\b/i,
  /\binvalid (?:option|enum|choice)\b/i,
];

/** So many records refused for one reason are the vendor's doing, and not the records'. */
export const sameReason = 3;

/** Whether a refusal says that the vendor asks for something, or takes a value no longer. Pure. */
export const isDemand = (reason: string): boolean => demands.some((one) => one.test(reason));
