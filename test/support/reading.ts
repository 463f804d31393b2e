import type { PageMessage } from '#src/playground/page-server/api.ts';

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a person reads in a message, one line per line on the screen: the fallback text first, then the blocks, buttons as `[label]`. */
export function textOf({ text, blocks }: Pick<PageMessage, 'text' | 'blocks'>): string {
  return [text, ...blocks.map(readable)].join('\n');
}

/** The words of a block, an element, or of any list of them. */
export function readable(value: unknown): string {
  if (Array.isArray(value)) return value.map(readable).join('');
  if (typeof value === 'string') return value;
  if (!isNode(value)) return '';
  switch (value.type) {
    case 'button':
      return `[${readable(value.text)}]`;
    case 'actions':
    case 'context':
      return listOf(value.elements).map(readable).join(' ');
    case 'rich_text':
    case 'rich_text_list':
      return listOf(value.elements).map(readable).join('\n');
    case 'user':
      return `<@${String(value.user_id)}>`;
    case 'emoji':
      return `:${String(value.name)}:`;
    case 'date':
      return readable(value.fallback);
    default:
      return [
        value.title,
        value.label,
        value.text,
        value.elements,
        value.element,
        value.options,
        value.blocks,
      ]
        .map(readable)
        .join('');
  }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The references that a message shows. */
export const referencesIn = (message: Pick<PageMessage, 'text' | 'blocks'>): string[] => [
  ...new Set(textOf(message).match(/tr-[0-9A-Z]{10}\b/g)),
];

/** The one reference of a message about a change or a run. */
export function referenceIn(message: Pick<PageMessage, 'text' | 'blocks'>): string {
  const [reference, ...others] = referencesIn(message);
  if (!reference || others.length > 0) throw new Error(`there is not one reference in: ${textOf(message)}`);
  return reference;
}
