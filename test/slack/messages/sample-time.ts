export const zone = 'Australia/Sydney';
/** A time of 24 November 2026 in Sydney. */
export const at = (time: string) => new Date(`2026-11-24T${time}+11:00`);
export const owner = 'U0OWNER01';
export const technical = 'U0TECH001';
export const decider = 'U0SAMLEE1';
