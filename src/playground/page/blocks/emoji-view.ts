import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { emojiCharacter } from '../words/emoji.ts';

/** The state marks that sync messages use, drawn by the page itself: a machine without a colour font shows them too. */
const drawings: Readonly<Record<string, { readonly tone: string; readonly path: string }>> = {
  white_check_mark: { tone: 'good', path: 'M3.6 8.4l2.9 2.9 6-6.6' },
  heavy_check_mark: { tone: 'good', path: 'M3.6 8.4l2.9 2.9 6-6.6' },
  warning: { tone: 'warn', path: 'M8 4.2v4.6M8 11.4v.3' },
  rotating_light: { tone: 'bad', path: 'M8 4.2v4.6M8 11.4v.3' },
  x: { tone: 'bad', path: 'M4.8 4.8l6.4 6.4M11.2 4.8l-6.4 6.4' },
  no_entry: { tone: 'bad', path: 'M4.4 8h7.2' },
  hourglass: { tone: 'wait', path: 'M8 4.3V8l2.6 1.7' },
  hourglass_flowing_sand: { tone: 'wait', path: 'M8 4.3V8l2.6 1.7' },
  alarm_clock: { tone: 'warn', path: 'M8 4.3V8l2.6 1.7' },
  double_vertical_bar: { tone: 'wait', path: 'M6.2 5v6M9.8 5v6' },
  leftwards_arrow_with_hook: {
    tone: 'wait',
    path: 'M6.3 4.4L3.9 6.8l2.4 2.4M4.2 6.8h5.2a2.4 2.4 0 010 4.8H7.4',
  },
};

export function EmojiView({ name }: { name: string }): VNode {
  const drawn = drawings[name];
  if (!drawn) return html`<span class="emoji">${emojiCharacter(name)}</span>`;
  return html`
    <svg class=${`mark ${drawn.tone}`} viewBox="0 0 16 16" role="img" aria-label=${name.replaceAll('_', ' ')}>
      <circle cx="8" cy="8" r="8" />
      <path d=${drawn.path} />
    </svg>`;
}
