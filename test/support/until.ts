/** Looks again and again until there is something, at most `ms` of real time: for what happens in other parts, over real sockets. */
export async function until<T>(look: () => T | Promise<T>, ms = 15_000): Promise<NonNullable<T>> {
  const end = performance.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end)
      throw new Error(`nothing came within ${ms / 1000} s: ${look.toString().slice(0, 200)}`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}
