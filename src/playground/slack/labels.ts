const SHOWN = 30;

/** A button's label as Slack's apps show it: cut at about 30 characters. What was sent stays whole. */
export function shownLabel(label: string): string {
  return label.length <= SHOWN ? label : `${label.slice(0, SHOWN - 1).trimEnd()}…`;
}
