interface Order {
  /** True = one after the other. */
  readonly inTurn?: boolean | undefined;
}

/** Does a work for each, side by side, and waits for every one also where one fails: no part of a run goes on after the run has ended. */
export async function together<I, T>(
  { inTurn }: Order,
  items: readonly I[],
  work: (item: I) => Promise<T>,
): Promise<T[]> {
  const begun: Promise<T>[] = [];
  for (const item of items) {
    const one = work(item);
    begun.push(one);
    if (inTurn) await one.catch(() => undefined);
  }
  const results = await Promise.allSettled(begun);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
