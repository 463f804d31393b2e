/** What a deal says of itself for the money proof alone: facts of an observation, and no fields of an invoice. */
export const dealFacts = {
  /** Whether it stands in a stage in which it is won: true or false. A deal with an invoice takes part either way. */
  isWon: 'deal_is_won',
  /** What the sales team says that it comes to: the lines say what is invoiced. */
  amount: 'deal_amount',
} as const;
