/** Slack shows about 30 characters of a button; what is cut stays in its title and its spoken name. */
const labelLimit = 30;

export function cutLabel(text: string): { readonly shown: string; readonly cut: boolean } {
  const characters = [...text];
  if (characters.length <= labelLimit) return { shown: text, cut: false };
  return {
    shown: `${characters
      .slice(0, labelLimit - 1)
      .join('')
      .trimEnd()}…`,
    cut: true,
  };
}

/** Two letters for a face without a picture. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return ((words[0]?.[0] ?? '?') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')).toUpperCase();
}
