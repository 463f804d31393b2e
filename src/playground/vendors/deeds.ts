import type { Ask, Card, Deed, Screen } from './vendor.ts';

/** A button of a screen, with what it does. */
export interface Doable extends Deed {
  run(typed: Readonly<Record<string, string>>, editor: string): void;
}

/** A screen with buttons: `deedsOf` says which ones a record has as it stands. */
export function withDeeds(screen: Screen, deedsOf: (card: Card) => readonly Doable[]): Screen {
  return {
    ...screen,
    card: (externalId) => {
      const card = screen.card(externalId);
      return card && { ...card, deeds: deedsOf(card).map(({ run: _, ...deed }) => deed) };
    },
    press: (externalId, deed, typed, editor) => {
      const card = screen.card(externalId);
      const found = card ? deedsOf(card).find(({ id }) => id === deed) : undefined;
      if (!found) throw new Error('That cannot be done with it as it stands now.');
      found.run(typed, editor);
    },
  };
}

export const heldBy = (card: Card, key: string): string =>
  card.fields.find((field) => field.key === key)?.value ?? '';

/** A button that saves fixed values at once, or asks for these fields and saves them. */
export function saving(
  screen: Screen,
  { externalId, fields }: Card,
  {
    values = {},
    asked = [],
    ...deed
  }: Deed & {
    readonly values?: Readonly<Record<string, string>>;
    readonly asked?: readonly string[];
  },
): Doable {
  const asks = asked.flatMap((key): Ask[] => {
    const field = fields.find((one) => one.key === key);
    return field ? [{ key, label: field.label, value: field.value, kind: 'number' }] : [];
  });
  return {
    ...deed,
    ...(asks.length > 0 ? { asks } : {}),
    run: (typed, editor) => {
      const own = Object.entries(typed).filter(([key]) => asked.includes(key));
      screen.edit(externalId, { ...values, ...Object.fromEntries(own) }, editor);
    },
  };
}
