/** Our record's id as it stands in a text of the vendor's record, on a line of its own. */
export const markerLine = (marker: string): string => `truce:${marker}`;

/** The id in such a text, whoever wrote around it; null where there is none. */
export const markerIn = (text: string | null | undefined): string | null =>
  /^\s*truce:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\s*$/im.exec(text ?? '')?.[1]?.toLowerCase() ??
  null;
