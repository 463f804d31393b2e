import { richText } from './rich-text.ts';
import {
  bool,
  both,
  type Fields,
  integer,
  isThing,
  list,
  matching,
  oneOf,
  type Rule,
  say,
  shape,
  string,
  url,
  where,
} from './rule.ts';
import { anyText, confirm, option, optionGroups, options, overflowOptions, plainText } from './texts.ts';

const id = string(255, 1);
const placeholder = plainText(150);
const date = matching(/^\d{4}-\d\d-\d\d$/, 'a date as YYYY-MM-DD');
const time = matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time as HH:mm');
const dispatch_action_config = shape(
  {},
  { trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), 2, 1) },
);

/** `action_id` is unique within its block. */
const actionId: Rule = (value, at, found) => {
  id(value, at, found);
  if (typeof value !== 'string') return;
  if (found.actionIds.has(value)) say(found, at, `\`action_id\` "${value}" already exists in this block`);
  found.actionIds.add(value);
};

const element = (type: string, required: Fields, optional: Fields = {}): Rule =>
  shape({ type: oneOf(type), ...required }, { action_id: actionId, ...optional });
const select = (type: string, fields: Fields): Rule =>
  element(type, {}, { placeholder, confirm, focus_on_load: bool, ...fields });
const multi = (type: string, fields: Fields): Rule =>
  select(type, { max_selected_items: integer(1, 100), ...fields });

/** What is selected at first must be one of the options, letter by letter. */
const initialIsOffered: Rule = (value, at, found) => {
  if (!isThing(value)) return;
  const groups = Array.isArray(value.option_groups) ? value.option_groups : [];
  const offered = [value.options, ...groups.map((group) => isThing(group) && group.options)].flat();
  const known = new Set(offered.map((one) => JSON.stringify(one)));
  for (const one of [value.initial_option, value.initial_options].flat()) {
    if (one != null && !known.has(JSON.stringify(one)))
      say(found, at, 'initial option is not one of the options');
  }
};
const oneSource = where(
  (it) => (it.options == null) !== (it.option_groups == null),
  'needs either options or option_groups',
);

const listFields = { options: options(100, 1), option_groups: optionGroups };
const choice = option(plainText(75));
const conversationFilter = shape(
  {},
  {
    include: list(oneOf('im', 'mpim', 'private', 'public'), 4, 1),
    exclude_external_shared_channels: bool,
    exclude_bot_users: bool,
  },
);
const conversations = { default_to_current_conversation: bool, filter: conversationFilter };
const label = string(75, 1);
const style = oneOf('primary', 'danger');

const selects: Fields = {
  static_select: both(
    select('static_select', { ...listFields, initial_option: choice }),
    oneSource,
    initialIsOffered,
  ),
  multi_static_select: both(
    multi('multi_static_select', { ...listFields, initial_options: list(choice, 100) }),
    oneSource,
    initialIsOffered,
  ),
  external_select: select('external_select', { initial_option: choice, min_query_length: integer(0, 3000) }),
  multi_external_select: multi('multi_external_select', {
    initial_options: list(choice, 100),
    min_query_length: integer(0, 3000),
  }),
  users_select: select('users_select', { initial_user: id }),
  multi_users_select: multi('multi_users_select', { initial_users: list(id, 100) }),
  channels_select: select('channels_select', { initial_channel: id, response_url_enabled: bool }),
  multi_channels_select: multi('multi_channels_select', { initial_channels: list(id, 100) }),
  conversations_select: select('conversations_select', {
    ...conversations,
    initial_conversation: id,
    response_url_enabled: bool,
  }),
  multi_conversations_select: multi('multi_conversations_select', {
    ...conversations,
    initial_conversations: list(id, 100),
  }),
};

const workflow = shape({
  trigger: shape(
    { url: url() },
    { customizable_input_parameters: list(shape({ name: id, value: string(3000) }), 100) },
  ),
});
const buttons: Fields = {
  button: element(
    'button',
    { text: plainText(75) },
    { value: string(2000), url: url(), style, confirm, accessibility_label: label },
  ),
  workflow_button: element(
    'workflow_button',
    { text: plainText(75), workflow },
    { style, confirm, accessibility_label: label },
  ),
  overflow: element('overflow', { options: overflowOptions }, { confirm }),
};

const boxes = options(10, 1, anyText(75));
const box = option(anyText(75));
const choices: Fields = {
  checkboxes: both(
    element(
      'checkboxes',
      { options: boxes },
      { initial_options: list(box, 10), confirm, focus_on_load: bool },
    ),
    initialIsOffered,
  ),
  radio_buttons: both(
    element('radio_buttons', { options: boxes }, { initial_option: box, confirm, focus_on_load: bool }),
    initialIsOffered,
  ),
  datepicker: select('datepicker', { initial_date: date }),
  timepicker: select('timepicker', { initial_time: time, timezone: id }),
};
const datetimepicker = element(
  'datetimepicker',
  {},
  { initial_date_time: integer(1_000_000_000, 9_999_999_999), confirm, focus_on_load: bool },
);

const typed = { placeholder, focus_on_load: bool, dispatch_action_config };
const rich_text_input = element(
  'rich_text_input',
  {},
  { ...typed, initial_value: richText, min_lines: integer(1, 100), max_lines: integer(1, 100) },
);
const numeric = matching(/^-?\d+(\.\d+)?$/, 'a number in a string');
const typedInputs: Fields = {
  plain_text_input: element(
    'plain_text_input',
    {},
    {
      ...typed,
      initial_value: string(3000),
      multiline: bool,
      min_length: integer(0, 3000),
      max_length: integer(1, 3000),
    },
  ),
  email_text_input: element('email_text_input', {}, { ...typed, initial_value: string(3000) }),
  url_text_input: element('url_text_input', {}, { ...typed, initial_value: string(3000) }),
  number_input: element(
    'number_input',
    { is_decimal_allowed: bool },
    { ...typed, initial_value: numeric, min_value: numeric, max_value: numeric },
  ),
  rich_text_input,
};
const file_input = element('file_input', {}, { filetypes: list(id, 100), max_files: integer(1, 10) });

/** What may stand where (section 3.2 of Slack's element reference; datetimepicker is not for sections). */
export const accessories: Fields = { ...buttons, ...choices, ...selects };
export const actionElements: Fields = { ...buttons, ...choices, ...selects, datetimepicker, rich_text_input };
export const inputElements: Fields = { ...choices, ...selects, ...typedInputs, datetimepicker };
export const modalInputElements: Fields = { ...inputElements, file_input };

const feedbackButton = shape({ text: plainText(75), value: string(2000, 1) }, { accessibility_label: label });
export const contextActionElements: Fields = {
  feedback_buttons: element('feedback_buttons', {
    positive_button: feedbackButton,
    negative_button: feedbackButton,
  }),
  icon_button: element(
    'icon_button',
    { icon: id, text: plainText(75) },
    { value: string(2000), confirm, accessibility_label: label, visible_to_user_ids: list(id, 100) },
  ),
};
export const button = buttons.button ?? shape({});
