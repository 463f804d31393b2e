import { bool, byType, integer, list, number, oneOf, type Rule, shape, string, url } from './rule.ts';
import { words } from './texts.ts';

const style = shape(
  {},
  {
    bold: bool,
    code: bool,
    italic: bool,
    strike: bool,
    underline: bool,
    highlight: bool,
    client_highlight: bool,
    unlink: bool,
  },
);
const id = string(255, 1);
const piece = (type: string, required: Record<string, Rule>, optional: Record<string, Rule> = {}): Rule =>
  shape({ type: oneOf(type), ...required }, { style, ...optional });

const pieces = {
  text: piece('text', { text: words(Number.POSITIVE_INFINITY) }),
  link: piece('link', { url: url() }, { text: words(Number.POSITIVE_INFINITY, 0), unsafe: bool }),
  user: piece('user', { user_id: id }),
  usergroup: piece('usergroup', { usergroup_id: id }),
  channel: piece('channel', { channel_id: id }),
  team: piece('team', { team_id: id }),
  broadcast: piece('broadcast', { range: oneOf('here', 'channel', 'everyone') }),
  color: piece('color', { value: id }),
  date: piece('date', { timestamp: number, format: string(3000, 1) }, { url: url(), fallback: string(3000) }),
  emoji: piece('emoji', { name: id }, { unicode: id, url: url(), skin_tone: number }),
};
const MANY = 1000;
const run = list(byType(pieces), MANY);
const border = integer(0, 1);

const section = shape({ type: oneOf('rich_text_section'), elements: run });
const parts = byType({
  rich_text_section: section,
  rich_text_list: shape(
    {
      type: oneOf('rich_text_list'),
      style: oneOf('bullet', 'ordered'),
      elements: list(byType({ rich_text_section: section }), MANY),
    },
    { indent: integer(0, 8), offset: integer(0, 1_000_000), border },
  ),
  rich_text_quote: shape({ type: oneOf('rich_text_quote'), elements: run }, { border }),
  rich_text_preformatted: shape(
    {
      type: oneOf('rich_text_preformatted'),
      elements: list(byType({ text: pieces.text, link: pieces.link }), MANY),
    },
    { border, language: id },
  ),
});

/** The fields of a `rich_text` block. Also used as a cell, a title or the value of an input. */
export const richTextFields = { elements: list(parts, MANY, 1) };
export const richText: Rule = shape(
  { type: oneOf('rich_text'), ...richTextFields },
  { block_id: string(255, 1) },
);
