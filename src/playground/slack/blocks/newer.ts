import { button, contextActionElements } from './elements.ts';
import { richText } from './rich-text.ts';
import {
  anything,
  bool,
  byType,
  type Fields,
  integer,
  list,
  number,
  oneOf,
  type Rule,
  shape,
  string,
  url,
} from './rule.ts';
import { anyText, imageElement, mrkdwn, plainText, words } from './texts.ts';

/** The blocks of 2025 and 2026. Their limits come from the package's types and from others' live tests, so they are looser here. */

const cell = byType({
  raw_text: shape({ type: oneOf('raw_text'), text: words(3000, 0) }),
  raw_number: shape({ type: oneOf('raw_number'), value: number, text: words(3000, 0) }),
  rich_text: richText,
});
const id = string(255, 1);

export const tableFields = {
  required: { rows: list(list(cell, 20, 1), 100, 1) },
  optional: {
    column_settings: list(
      shape({}, { align: oneOf('left', 'center', 'right'), is_wrapped: bool }),
      20,
    ) as Rule,
  },
};
export const dataTableFields = {
  required: { rows: list(list(cell, 20, 1), 101, 1), caption: string(3000, 1) },
  optional: { page_size: integer(1, 100), row_header_column_index: integer(0, 19) },
};
export const cardFields = {
  hero_image: imageElement,
  icon: imageElement,
  title: mrkdwn(150),
  subtitle: mrkdwn(150),
  body: mrkdwn(200),
  actions: list(byType({ button }), 2),
};
const card = shape({ type: oneOf('card') }, { block_id: id, ...cardFields });
export const carouselFields = { elements: list(byType({ card }), 10, 1) };
export const contextActionsFields = { elements: list(byType(contextActionElements), 5, 1) };

/** `child` is the rule for what may stand inside. */
export const containerFields = (child: Rule) => ({
  required: { child_blocks: list(child, 10, 1) },
  optional: {
    title: plainText(150),
    rich_text_title: richText,
    subtitle: anyText(150),
    width: oneOf('narrow', 'standard', 'wide', 'full'),
    icon: imageElement,
    is_collapsible: bool,
    default_collapsed: bool,
    has_header_divider: bool,
  },
});

export const taskCardFields = {
  required: {
    task_id: id,
    title: words(3000),
    status: oneOf('pending', 'in_progress', 'complete', 'error'),
  },
  optional: {
    details: richText,
    output: richText,
    sources: list(shape({ type: oneOf('url'), url: url(), text: words(3000) }), 50),
  },
};
export const planFields = { required: { title: words(3000) }, optional: { tasks: list(anything, 100) } };

const point = shape({ label: words(20), value: number });
export const chartFields = {
  required: { chart_type: oneOf('line', 'bar', 'area', 'pie') },
  optional: {
    title: plainText(50),
    categories: list(words(20), 20),
    series: list(anything, 6, 1),
    segments: list(point, 6, 1),
  },
};
export const videoFields = {
  required: { video_url: url(), thumbnail_url: url(), alt_text: words(2000), title: plainText(200) },
  optional: {
    title_url: url(),
    author_name: string(50),
    provider_name: string(50),
    provider_icon_url: url(),
    description: plainText(200),
  } satisfies Fields,
};
