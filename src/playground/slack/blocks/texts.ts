import { bool, both, byType, list, oneOf, type Rule, shape, string, url, where } from './rule.ts';

/** Counts what people read towards the sum that a message may hold. */
const counted =
  (rule: Rule): Rule =>
  (value, at, found) => {
    if (typeof value === 'string') found.characters += value.length;
    rule(value, at, found);
  };
export const words = (max: number, min = 1): Rule => counted(string(max, min));

const type = (name: string): Rule => oneOf(name);
export const plainText = (max = 3000): Rule =>
  shape({ type: type('plain_text'), text: words(max) }, { emoji: bool });
export const mrkdwn = (max = 3000): Rule =>
  shape({ type: type('mrkdwn'), text: words(max) }, { verbatim: bool });
export const anyText = (max = 3000): Rule => byType({ plain_text: plainText(max), mrkdwn: mrkdwn(max) });

export const confirm: Rule = shape(
  { text: anyText(300) },
  { title: plainText(100), confirm: plainText(30), deny: plainText(30), style: oneOf('primary', 'danger') },
);

/** Values stay within 75: the package's types say so, though newer docs allow 150. */
export const option = (text: Rule, more: Readonly<Record<string, Rule>> = {}): Rule =>
  shape({ text, value: string(75, 1) }, { description: plainText(75), ...more });
export const options = (max: number, min: number, text: Rule = plainText(75)): Rule =>
  list(option(text), max, min);
export const overflowOptions: Rule = list(option(plainText(75), { url: url() }), 5, 1);
export const optionGroups: Rule = list(shape({ label: plainText(75), options: options(100, 1) }), 100, 1);

const slackFile: Rule = both(
  shape({}, { id: string(255, 1), url: url() }),
  where((file) => (file.id === undefined) !== (file.url === undefined), 'needs either id or url'),
);
/** The fields of an image, as block or as element. */
export const imageFields = { image_url: url(), slack_file: slackFile };
export const hasOneImage = where(
  (image) => (image.image_url == null) !== (image.slack_file == null),
  'needs either image_url or slack_file',
);
export const imageElement: Rule = both(
  shape({ type: type('image'), alt_text: words(2000) }, imageFields),
  hasOneImage,
);
