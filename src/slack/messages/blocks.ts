import type {
  ActionsBlock,
  Button,
  ContextBlock,
  HeaderBlock,
  KnownBlock,
  Overflow,
  PlainTextElement,
  RichTextBlock,
  RichTextElement,
  RichTextList,
  RichTextSection,
  SectionBlock,
} from '@slack/types';
import { cut, isUserId, oneLine } from './text.ts';

/** What a message says, in the two forms that Slack wants: `text` for the lock screen and screen readers, `blocks` for the rest. */
export interface Drawn {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/** Names the blocks of one drawing: a new drawing gets new ids, else clients keep old state. */
export type BlockIds = (part: string) => string;
export const blockIds =
  (subject: string, revision: number, drawing: number): BlockIds =>
  (part) =>
    `${subject}.${part}.r${revision}.${drawing}`;

/** Plain text never becomes markup, so it may hold anything. Slack refuses an empty one. */
export const plain = (text: string, max: number): PlainTextElement => ({
  type: 'plain_text',
  text: cut(oneLine(text), max) || '–',
  emoji: false,
});

export const header = (blockId: string, text: string): HeaderBlock => ({
  type: 'header',
  block_id: blockId,
  text: plain(text, 150),
});

/** mrkdwn: our own words, escaped names from the agreement, mentions and dates only. */
export const section = (blockId: string, mrkdwn: string): SectionBlock => ({
  type: 'section',
  block_id: blockId,
  expand: true,
  text: { type: 'mrkdwn', text: cut(mrkdwn, 3000) },
});

export const context = (blockId: string, mrkdwn: string): ContextBlock => ({
  type: 'context',
  block_id: blockId,
  elements: [{ type: 'mrkdwn', text: cut(mrkdwn, 2000) }],
});

export interface ButtonInput {
  readonly action: string;
  /** 24 characters at most are shown everywhere. */
  readonly label: string;
  /** Ids and the revision, never data. */
  readonly value: string;
  /** For a screen reader: names field and value, since two buttons may both say "Use Xero". */
  readonly says: string;
  readonly style?: 'primary' | 'danger';
}

export const button = ({ action, label, value, says, style }: ButtonInput): Button => ({
  type: 'button',
  action_id: action,
  text: plain(label, 24),
  value,
  accessibility_label: cut(oneLine(says), 75),
  ...(style ? { style } : {}),
});

/** A button that opens a web page. Slack tells us of the press all the same. */
export const linkButton = ({
  action,
  label,
  url,
  says,
  style = 'primary',
}: Pick<ButtonInput, 'action' | 'label' | 'says'> & {
  readonly url: string;
  readonly style?: 'primary' | 'plain';
}): Button => ({
  type: 'button',
  action_id: action,
  text: plain(label, 24),
  url,
  accessibility_label: cut(oneLine(says), 75),
  ...(style === 'primary' ? { style } : {}),
});

export const actions = (blockId: string, buttons: (Button | Overflow)[]): ActionsBlock => ({
  type: 'actions',
  block_id: blockId,
  elements: buttons,
});

/** A run of rich text: strings become plain text elements, so vendor data is safe in them. */
export type Piece = string | RichTextElement;

export const bold = (text: string): RichTextElement => ({ type: 'text', text, style: { bold: true } });
export const code = (text: string): RichTextElement => ({ type: 'text', text, style: { code: true } });

/** A person by mention where it is a Slack user, else by name. */
export const person = (by: string): RichTextElement =>
  isUserId(by) ? { type: 'user', user_id: by } : { type: 'text', text: by };

/** A link where the address is one that Slack takes, else the words alone. */
export function link(text: string, url: string | null): RichTextElement {
  const usable = url !== null && /^https?:\/\/\S+$/.test(url) && url.length <= 3000;
  return usable ? { type: 'link', text, url } : { type: 'text', text };
}

export const line = (...pieces: Piece[]): RichTextSection => ({
  type: 'rich_text_section',
  elements: pieces.flatMap((piece) =>
    typeof piece !== 'string' ? [piece] : piece === '' ? [] : [{ type: 'text' as const, text: piece }],
  ),
});

export const bullets = (...lines: RichTextSection[]): RichTextList => ({
  type: 'rich_text_list',
  style: 'bullet',
  elements: lines,
});

export const numbered = (lines: RichTextSection[]): RichTextList => ({
  type: 'rich_text_list',
  style: 'ordered',
  elements: lines,
});

export const rich = (blockId: string, ...elements: (RichTextSection | RichTextList)[]): RichTextBlock => ({
  type: 'rich_text',
  block_id: blockId,
  elements,
});
