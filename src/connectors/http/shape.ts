/** What a JSON answer looks like. Paths (`contacts[].phones[].number`) → the JSON types found there; `absent` = not in every such object. */
export type Shape = Readonly<Record<string, readonly string[]>>;

/** One answer's shape, with how often each path was there. A list is looked at in some of its items, evenly spread. */
export interface ShapeSample {
  readonly shape: Shape;
  /** Path → how often it was found; path and `{}` → how often it was an object. */
  readonly counts: Readonly<Record<string, number>>;
}

/** How an answer differs from all that came before. */
export interface ShapeChange {
  readonly path: string;
  readonly kind: 'gone' | 'type';
  /** JSON types, without `null` and `absent`. */
  readonly was: readonly string[];
  readonly is: readonly string[];
  /** Objects of this answer that show it. */
  readonly objects: number;
}

const mostItems = 60;
const mostPaths = 400;
const mostKeys = 80;
/** A chance of being wrong that is small enough where thousands of answers are looked at. */
const unlikely = 1e-6;
/** Below so many objects nothing is said of what is usual. */
const enough = 50;
/** Where a key is missing that not every object had, one answer has to have so many objects, for they are different records. */
const fewAtOnce = 20;

const idLike = /^(?:[0-9a-f]{8}-[0-9a-f-]{27}|\d+|\d{4}-\d\d-\d\d.*|[^@\s]+@[^@\s]+|[0-9a-f]{24,})$/i;

/** Pure. Keys that are ids or dates, and objects of very many keys, are maps: their values count as those of one key, `*`. */
export function shapeOf(json: unknown): ShapeSample {
  const types = new Map<string, Set<string>>();
  const counts = new Map<string, number>();
  const note = (path: string, type: string): boolean => {
    const known = types.get(path);
    if (!known && types.size >= mostPaths) return false;
    if (known) known.add(type);
    else types.set(path, new Set([type]));
    counts.set(path, (counts.get(path) ?? 0) + 1);
    return true;
  };
  const walk = (value: unknown, path: string): void => {
    if (!note(path, typeOf(value))) return;
    if (Array.isArray(value)) {
      for (const item of spread(value)) walk(item, `${path}[]`);
    } else if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value);
      const isMap = isMapOf(entries.map(([key]) => key));
      if (!isMap) counts.set(`${path}{}`, (counts.get(`${path}{}`) ?? 0) + 1);
      for (const [key, held] of isMap ? entries.slice(0, mostKeys) : entries)
        walk(held, under(path, isMap ? '*' : key));
    }
  };
  walk(json, '');
  const found = Object.fromEntries(counts);
  for (const [path, seen] of types) if (numberOf(found, path) < objectsOf(found, path)) seen.add('absent');
  return {
    shape: Object.fromEntries([...types].map(([path, seen]) => [path, [...seen].sort()])),
    counts: found,
  };
}

/**
 * What an answer lacks, or has in another type, of what was usual before. Pure. A key that every object had is missed in any; one
 * that many had only where so many objects of one answer lack it that chance is no explanation.
 */
export function shapeChanges(known: ShapeSample, { shape, counts }: ShapeSample): ShapeChange[] {
  return Object.entries(known.shape).flatMap(([path, before]): ShapeChange[] => {
    const was = solid(before);
    const now = typesAt(shape, path);
    if (now === undefined) {
      const were = objectsOf(known.counts, path);
      const objects = objectsOf(counts, path);
      if (were < enough || objects === 0) return [];
      const share = Math.min(1, numberOf(known.counts, path) / were);
      const isMissed =
        !before.includes('absent') || (objects >= fewAtOnce && (1 - share) ** objects < unlikely);
      return isMissed ? [{ path, kind: 'gone', was, is: [], objects }] : [];
    }
    const is = solid(now);
    if (numberOf(known.counts, path) < enough) return [];
    const isOther = was.length > 0 && is.length > 0 && !is.some((type) => was.includes(type));
    return isOther ? [{ path, kind: 'type', was, is, objects: numberOf(counts, path) }] : [];
  });
}

/** All that was known and all that is new, but not what {@link shapeChanges} finds strange: that is left out as long as it is. Pure. */
export function mergeShapes(
  known: ShapeSample,
  fresh: ShapeSample,
  strange: ReadonlySet<string>,
): ShapeSample {
  const shape = new Map(Object.entries(known.shape));
  const counts = new Map(Object.entries(known.counts));
  const isStrange = (path: string) => [...strange].some((one) => path === one || isInside(path, one));
  for (const [path, types] of Object.entries(fresh.shape)) {
    if (isStrange(path)) continue;
    const before = shape.get(path);
    const isLate = !before && objectsOf(known.counts, path) > 0;
    shape.set(path, union(before ?? [], types, isLate ? ['absent'] : []));
  }
  for (const [path, types] of Object.entries(known.shape)) {
    if (typesAt(fresh.shape, path) || isStrange(path) || objectsOf(fresh.counts, path) === 0) continue;
    shape.set(path, union(types, ['absent']));
  }
  for (const [path, count] of Object.entries(fresh.counts))
    if (!isStrange(path)) counts.set(path, (counts.get(path) ?? 0) + count);
  return { shape: Object.fromEntries(shape), counts: Object.fromEntries(counts) };
}

const union = (...types: readonly (readonly string[])[]): string[] => [...new Set(types.flat())].sort();

/** What an answer has that none had before. Pure. */
export const newIn = (known: ShapeSample, fresh: ShapeSample): string[] =>
  Object.keys(fresh.shape).filter((path) => !typesAt(known.shape, path));

export const nothingSeen: ShapeSample = { shape: {}, counts: {} };

/** The path of the object that a key is in; null for the answer itself, and for the items of a list. */
function ownerOf(path: string): string | null {
  if (path === '' || path.endsWith('[]')) return null;
  const dot = path.lastIndexOf('.');
  return dot < 0 ? '' : path.slice(0, dot);
}

/** How many objects could have had this key. */
function objectsOf(counts: ShapeSample['counts'], path: string): number {
  const owner = ownerOf(path);
  return owner === null ? 0 : numberOf(counts, `${owner}{}`);
}

/** Whether an answer has objects that this key could be in. */
export const couldHave = (counts: ShapeSample['counts'], path: string): boolean =>
  objectsOf(counts, path) > 0;

// Keys of answers may be called as what every object has: `constructor`.
const numberOf = (counts: ShapeSample['counts'], path: string): number =>
  Object.hasOwn(counts, path) ? (counts[path] ?? 0) : 0;

/** The types at a path; undefined where it is not. */
export const typesAt = (shape: Shape, path: string): readonly string[] | undefined =>
  Object.hasOwn(shape, path) ? shape[path] : undefined;

/** A key with signs of ours in it, or none at all, goes in quotation marks and without them. */
function under(path: string, key: string): string {
  const name = /^[^.[\]{}"]+$/.test(key) ? key : `"${key.replace(/[.[\]{}"]/g, '·')}"`;
  return path === '' ? name : `${path}.${name}`;
}

const isInside = (path: string, other: string): boolean =>
  path.startsWith(`${other}.`) || path.startsWith(`${other}[]`);
const solid = (types: readonly string[]): string[] =>
  types.filter((type) => type !== 'null' && type !== 'absent');

function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function isMapOf(keys: readonly string[]): boolean {
  return keys.length > mostKeys || (keys.length > 0 && keys.every((key) => idLike.test(key)));
}

/** At most so many items, from the first to the last. */
function spread(items: readonly unknown[]): readonly unknown[] {
  if (items.length <= mostItems) return items;
  const step = (items.length - 1) / (mostItems - 1);
  return Array.from({ length: mostItems }, (_, at) => items[Math.round(at * step)]);
}
