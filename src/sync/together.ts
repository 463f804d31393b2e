/** As Promise.all, but waits for every one also where one fails: no part of a run goes on after the run has ended. */
export async function together<T>(parts: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(parts);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
