import type { PracticeSystem } from '#src/playground/vendors/vendor.ts';
import { canHold, type FieldName, fieldNames, sheetOf, type Token } from './vocabulary.ts';

/** Somebody's word on one field: typed into a system, or chosen in Slack. */
export interface Word {
  readonly number: number;
  readonly kind: 'typed' | 'chosen';
  readonly token: Token;
  /** Numbers of the words that whoever gave this one had before his eyes, or that were replaced by such; its own too. */
  readonly knows: ReadonlySet<number>;
}

/** What one field of one vendor's record holds, and since which word. */
export interface Cell {
  readonly token: Token;
  /** The words that this value comes from; none = nobody ever filled it. */
  readonly from: readonly Word[];
  /** The word at which it came to be so; for what Truce wrote, the last one before. */
  readonly since: number;
  readonly byTruce: boolean;
}

/** One record of one vendor. */
export interface Place {
  readonly system: PracticeSystem;
  readonly id: string;
}
export const placeName = ({ system, id }: Place) => `${system} ${id}`;

type Sheet = Record<FieldName, Cell[]>;

/** What Truce changed in a vendor's record, seen from the vendor's side. */
export interface Written {
  readonly place: Place;
  readonly field: FieldName;
  readonly over: Cell;
  readonly token: Token;
}

/**
 * Every value that ever stood anywhere, and whose word it goes back to. From what people knew when they typed, and from nothing
 * that Truce says of itself, it follows which values may take another's place.
 */
export interface Chronicle {
  /** The number of the newest word. */
  readonly last: number;
  has(place: Place): boolean;
  places(): readonly Place[];
  cell(place: Place, field: FieldName): Cell;
  history(place: Place, field: FieldName): readonly Cell[];
  /** A person saved this card, or made it: what differs is their word. Returns the fields that differ. */
  typed(place: Place, card: Card): FieldName[];
  /** How it was when the world began: what is empty there is empty by somebody's word. */
  begins(place: Place, card: Card): void;
  /** The card changed and nobody typed: Truce did. `wordsOf` finds whose words it may have brought. */
  written(place: Place, card: Card, wordsOf: WordsOf): Written[];
  /** A person chose a value, having seen what all these words led to. */
  chosen(token: Token, seen: readonly ReadonlySet<number>[]): Word;
  /** The same value in several places of one record stands for all the words behind it. */
  alike(places: readonly Place[]): void;
}

export type Card = Readonly<Record<FieldName, Token>>;
export type WordsOf = (place: Place, field: FieldName, token: Token) => readonly Word[];

const nothing: Cell = { token: '', from: [], since: 0, byTruce: false };
export const knownIn = (cell: Cell): Set<number> => new Set(cell.from.flatMap((word) => [...word.knows]));

export function openChronicle(): Chronicle {
  const sheets = new Map<string, { readonly place: Place; readonly sheet: Sheet }>();
  let last = 0;
  const sheetAt = (place: Place): Sheet => {
    const name = placeName(place);
    const known = sheets.get(name);
    if (known) return known.sheet;
    const sheet = Object.fromEntries(fieldNames.map((field) => [field, [nothing]])) as unknown as Sheet;
    sheets.set(name, { place, sheet });
    return sheet;
  };
  const cell = (place: Place, field: FieldName) => sheetAt(place)[field].at(-1) ?? nothing;
  const speak = (kind: Word['kind'], token: Token, knows: Iterable<number>): Word => {
    last += 1;
    return { number: last, kind, token, knows: new Set([...knows, last]) };
  };
  const differing = (place: Place, card: Card) =>
    fieldNames.filter((field) => canHold(place.system, field) && cell(place, field).token !== card[field]);
  return {
    get last() {
      return last;
    },
    has: (place) => sheets.has(placeName(place)),
    places: () => [...sheets.values()].map(({ place }) => place),
    cell,
    history: (place, field) => sheetAt(place)[field],
    typed: (place, card) => {
      const fields = differing(place, card);
      for (const field of fields) {
        const word = speak('typed', card[field], knownIn(cell(place, field)));
        sheetAt(place)[field].push({ token: word.token, from: [word], since: word.number, byTruce: false });
      }
      return fields;
    },
    begins: (place, card) => {
      for (const field of fieldNames.filter((one) => canHold(place.system, one))) {
        const word = speak('typed', card[field], []);
        sheetAt(place)[field].push({ token: word.token, from: [word], since: word.number, byTruce: false });
      }
    },
    written: (place, card, wordsOf) =>
      differing(place, card).map((field) => {
        const token = card[field];
        const over = cell(place, field);
        const from = wordsOf(place, field, token);
        sheetAt(place)[field].push({ token, from, since: last, byTruce: true });
        return { place, field, over, token };
      }),
    chosen: (token, seen) =>
      speak(
        'chosen',
        token,
        seen.flatMap((one) => [...one]),
      ),
    alike: (places) => {
      for (const field of fieldNames) {
        const held = places.filter(({ system }) => canHold(system, field));
        for (const some of Map.groupBy(held, (place) => cell(place, field).token).values()) {
          const from = [...new Set(some.flatMap((place) => cell(place, field).from))];
          for (const place of some) {
            const history = sheetAt(place)[field];
            const now = cell(place, field);
            if (now.from.length < from.length) history[history.length - 1] = { ...now, from };
          }
        }
      }
    },
  };
}

/** A vendor's card in the model's own words. */
export function readCard(
  system: PracticeSystem,
  fields: readonly { readonly key: string; readonly value: string }[],
): Card {
  const text = new Map(fields.map(({ key, value }) => [key, value]));
  return Object.fromEntries(
    fieldNames.map((field) => {
      const keys = sheetOf(field).keys[system] ?? [];
      return [
        field,
        sheetOf(field).read(
          keys.map((key) => text.get(key) ?? ''),
          system,
        ),
      ];
    }),
  ) as Card;
}
