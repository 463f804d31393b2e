const remembered = 2_000;

/** Says whether something is seen for the first time, by any of the ids it comes with; remembers the newest few thousand. */
export function onlyOnce(): (ids: readonly (string | undefined)[]) => boolean {
  const seen = new Set<string>();
  return (ids) => {
    const named = ids.filter((id) => id !== undefined);
    const isNew = named.every((id) => !seen.has(id));
    for (const id of named) seen.add(id);
    for (const oldest of seen) {
      if (seen.size <= remembered) break;
      seen.delete(oldest);
    }
    return isNew;
  };
}
