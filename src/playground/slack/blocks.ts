import { accessories, actionElements, inputElements, modalInputElements } from './blocks/elements.ts';
import {
  cardFields,
  carouselFields,
  chartFields,
  containerFields,
  contextActionsFields,
  dataTableFields,
  planFields,
  tableFields,
  taskCardFields,
  videoFields,
} from './blocks/newer.ts';
import { richTextFields } from './blocks/rich-text.ts';
import {
  bool,
  both,
  byType,
  type Fields,
  type Findings,
  integer,
  isThing,
  list,
  noFindings,
  oneOf,
  type Rule,
  say,
  shape,
  string,
  where,
} from './blocks/rule.ts';
import { anyText, hasOneImage, imageElement, imageFields, plainText, words } from './blocks/texts.ts';

type Surface = 'message' | 'modal' | 'home';
/** Why Slack refuses, as it says so in `error` and `response_metadata.messages`. */
export interface Refusal {
  readonly error: string;
  readonly messages: readonly string[];
}

/** `block_id` is unique in its message or view. */
const blockId: Rule = (value, at, found) => {
  string(255, 1)(value, at, found);
  if (typeof value !== 'string') return;
  if (found.blockIds.has(value)) say(found, at, `\`block_id\` "${value}" already exists`);
  found.blockIds.add(value);
};
const block = (type: string, required: Fields = {}, optional: Fields = {}): Rule => {
  const rule = shape({ type: oneOf(type), ...required }, { block_id: blockId, ...optional });
  return (value, at, found) => {
    found.actionIds.clear();
    rule(value, at, found);
  };
};

const sectionHasText = where(
  (it) => it.text != null || it.fields != null,
  'either text or fields is required',
);
/** All markdown blocks of a message share one limit. */
const markdown: Rule = (value, at, found) => {
  words(12_000)(value, at, found);
  if (typeof value === 'string') found.markdown += value.length;
  if (found.markdown > 12_000)
    say(found, at, 'all markdown blocks together must be less than 12001 characters');
};

const inputBlock = (elements: Fields): Rule =>
  block(
    'input',
    { label: plainText(2000), element: byType(elements) },
    { hint: plainText(2000), optional: bool, dispatch_action: bool },
  );
const steady = {
  actions: block('actions', { elements: list(byType(actionElements), 25, 1) }),
  context: block('context', {
    elements: list(byType({ image: imageElement, plain_text: anyText(), mrkdwn: anyText() }), 10, 1),
  }),
  divider: block('divider'),
  header: block('header', { text: plainText(150) }, { level: integer(1, 4) }),
  image: both(
    block('image', { alt_text: words(2000) }, { ...imageFields, title: plainText(2000) }),
    hasOneImage,
  ),
  input: inputBlock(inputElements),
  rich_text: block('rich_text', richTextFields),
  section: both(
    block(
      'section',
      {},
      {
        text: anyText(3000),
        fields: list(anyText(2000), 10, 1),
        accessory: byType({ ...accessories, image: imageElement }),
        expand: bool,
      },
    ),
    sectionHasText,
  ),
  video: block('video', videoFields.required, videoFields.optional),
};
const table = block('table', tableFields.required, tableFields.optional);
const card = block('card', {}, cardFields);
const carousel = block('carousel', carouselFields);
const container = containerFields(byType({ ...steady, table }));

/** Which block may stand where, by Slack's own list of blocks (docs.slack.dev/blocks.json). Apps cannot send `file`. */
const surfaces: Readonly<Record<Surface, Fields>> = {
  message: {
    ...steady,
    card,
    carousel,
    table,
    container: block('container', container.required, container.optional),
    context_actions: block('context_actions', contextActionsFields),
    data_table: block('data_table', dataTableFields.required, dataTableFields.optional),
    data_visualization: block('data_visualization', chartFields.required, chartFields.optional),
    markdown: block('markdown', { text: markdown }),
    plan: block('plan', planFields.required, planFields.optional),
    task_card: block('task_card', taskCardFields.required, taskCardFields.optional),
  },
  modal: {
    ...steady,
    card,
    input: inputBlock(modalInputElements),
    alert: block(
      'alert',
      { text: anyText(200) },
      { level: oneOf('default', 'info', 'warning', 'error', 'success') },
    ),
  },
  home: {
    ...steady,
    card,
    carousel,
    table,
    data_table: block('data_table', dataTableFields.required, dataTableFields.optional),
  },
};

const MAX_BLOCKS: Readonly<Record<Surface, number>> = { message: 50, modal: 100, home: 100 };
/** Where others met `msg_blocks_too_long`: 11,300 to 13,300 characters over all blocks (bolt-js #2509, #2867). */
const MAX_CHARACTERS = 11_300;

const blocksOn = (surface: Surface): Rule => list(byType(surfaces[surface]), MAX_BLOCKS[surface]);
const few = (blocks: readonly unknown[], type: string, max: number, found: Findings): void => {
  const many = blocks.filter((one) => isThing(one) && one.type === type).length;
  if (many > max) say(found, '/blocks', `no more than ${max} ${type} blocks allowed`);
};

/** What Slack says to the `blocks` of a message: null when it takes them. */
export function refuseMessageBlocks(blocks: unknown): Refusal | null {
  if (!Array.isArray(blocks)) return { error: 'invalid_blocks_format', messages: [] };
  const found = noFindings();
  blocksOn('message')(blocks, '/blocks', found);
  few(blocks, 'table', 1, found);
  few(blocks, 'data_visualization', 2, found);
  if (found.messages.length > 0) return { error: 'invalid_blocks', messages: found.messages };
  return found.characters > MAX_CHARACTERS ? { error: 'msg_blocks_too_long', messages: [] } : null;
}

const MAX_VIEW_BYTES = 250_000;
const common = { private_metadata: string(3000), callback_id: string(255), external_id: string(255) };
const views: Readonly<Record<'modal' | 'home', Rule>> = {
  modal: shape(
    { type: oneOf('modal'), title: plainText(24), blocks: blocksOn('modal') },
    {
      ...common,
      submit: plainText(24),
      close: plainText(24),
      clear_on_close: bool,
      notify_on_close: bool,
      submit_disabled: bool,
    },
  ),
  home: shape({ type: oneOf('home'), blocks: blocksOn('home') }, { ...common, title: plainText(24) }),
};

/** What Slack says to a `view`: null when it takes it. */
export function refuseView(view: unknown, surface: 'modal' | 'home'): Refusal | null {
  const found = noFindings();
  views[surface](view, '/view', found);
  const blocks = isThing(view) && Array.isArray(view.blocks) ? view.blocks : [];
  const asks = blocks.some((one) => isThing(one) && one.type === 'input');
  if (surface === 'modal' && asks && isThing(view) && view.submit == null)
    say(found, '/view', 'missing required field: submit');
  if (found.messages.length > 0) return { error: 'invalid_arguments', messages: found.messages };
  return Buffer.byteLength(JSON.stringify(view)) > MAX_VIEW_BYTES
    ? { error: 'view_too_large', messages: [] }
    : null;
}
