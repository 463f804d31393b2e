import type { Clock } from '../../clock.ts';
import {
  couldHave,
  mergeShapes,
  newIn,
  nothingSeen,
  type ShapeChange,
  type ShapeSample,
  shapeChanges,
  shapeOf,
  typesAt,
} from './shape.ts';

/** Something that a vendor's answers have no longer, or have otherwise. JSON-safe. */
export interface ShapeDrift extends Pick<ShapeChange, 'path' | 'kind' | 'was' | 'is'> {
  /** ISO 8601. */
  readonly since: string;
  /** True where it is a field that is kept in step, and told as such. */
  readonly isField?: boolean;
}

/** What is known of one endpoint's answers. */
export interface KnownShape extends ShapeSample {
  readonly drifts: readonly ShapeDrift[];
}

/** Where shapes are kept, for all replicas. */
export interface ShapeStore {
  /** Replaces what is known by what `step` makes of it, nobody coming between. Returns what is known then. */
  update(
    key: { readonly connection: string; readonly endpoint: string; readonly now: Date },
    step: (known: KnownShape | null) => KnownShape,
  ): Promise<KnownShape>;
  /** What any answer of this connection lacks, or has otherwise, by now. */
  open(connection: string): Promise<readonly ShapeDrift[]>;
  /** Something that no answer had before: nothing to worry about. */
  tellNew?(key: { readonly connection: string; readonly endpoint: string }, paths: readonly string[]): void;
}

export interface ShapeWatch {
  /** Looks at an answer. Returns what its endpoint lacks, or has otherwise, since when. Never throws. */
  look(endpoint: string, json: unknown): Promise<readonly ShapeDrift[]>;
}

/** So many objects in a row have to show it: one odd record is no change of the vendor's. */
const inARow = 10;
/** What was only counted is stored this often, in ms: another process may have found something meanwhile. */
const storeEveryMs = 5 * 60_000;

interface Endpoint {
  known: KnownShape;
  /** Seen since it was last stored. */
  fresh: ShapeSample;
  storedAt: number;
  /** Path → in how many objects in a row it was missing or other. */
  readonly rows: Map<string, { readonly kind: ShapeChange['kind']; readonly objects: number }>;
}

/**
 * Watches the shapes of one connection's answers. What differs from all before, in so many objects in a row that it is the vendor's
 * doing, is a drift until an answer is as before. An answer like all others costs a look into memory, and nothing else.
 */
export function createShapeWatch(connection: string, store: ShapeStore, clock: Clock): ShapeWatch {
  const endpoints = new Map<string, Endpoint>();
  let before: readonly ShapeDrift[] | null = null;

  /** The same records come in answers to other calls too: what is known of those counts where this answer shows it as well. */
  const elsewhere = (endpoint: string, sample: ShapeSample): ShapeDrift[] => {
    const others = [...endpoints].flatMap(([name, { known }]) => (name === endpoint ? [] : known.drifts));
    const own = new Set(endpoints.get(endpoint)?.known.drifts.map(({ path }) => path));
    const all = new Map([...(before ?? []), ...others].map((drift) => [drift.path, drift]));
    return [...all.values()].filter((drift) => !own.has(drift.path) && shows(sample, drift));
  };

  const open = async (endpoint: string): Promise<Endpoint> => {
    before ??= await store.open(connection);
    const found = endpoints.get(endpoint);
    if (found) return found;
    const now = clock.now();
    const known = await store.update(
      { connection, endpoint, now },
      (held) => held ?? { ...nothingSeen, drifts: [] },
    );
    const opened = { known, fresh: nothingSeen, storedAt: now.getTime(), rows: new Map() };
    endpoints.set(endpoint, opened);
    return opened;
  };

  const note = async (endpoint: string, sample: ShapeSample): Promise<readonly ShapeDrift[]> => {
    const held = await open(endpoint);
    const changes = shapeChanges(held.known, sample);
    const strange = new Set(changes.map(({ path }) => path));
    const news = newIn(held.known, sample);
    const isAsBefore = (one: Pick<ShapeChange, 'path' | 'kind'>) =>
      !strange.has(one.path) &&
      (one.kind === 'gone' ? typesAt(sample.shape, one.path) !== undefined : isShown(sample, one.path));
    const over = held.known.drifts.filter(isAsBefore).map(({ path }) => path);
    const isNew = ({ path }: ShapeChange) => !held.known.drifts.some((drift) => drift.path === path);
    const begun = changes.filter((change) => hasLasted(held, change) && isNew(change));
    const optional = [...held.rows].flatMap(([path, row]) =>
      isAsBefore({ path, ...row }) && held.rows.delete(path) && row.kind === 'gone' ? [path] : [],
    );
    held.fresh = leftOut(mergeShapes(held.fresh, sample, strange), optional);
    held.known = {
      ...leftOut(mergeShapes(held.known, sample, strange), optional),
      drifts: held.known.drifts,
    };
    const now = clock.now();
    const isDue = now.getTime() - held.storedAt >= storeEveryMs;
    if ([...over, ...begun, ...news].length === 0 && !isDue) return held.known.drifts;
    if (news.length > 0 && (held.known.counts['{}'] ?? 0) > inARow)
      store.tellNew?.({ connection, endpoint }, news);
    const { fresh } = held;
    held.fresh = nothingSeen;
    held.storedAt = now.getTime();
    held.known = await store.update({ connection, endpoint, now }, (before) =>
      moved(before ?? { ...nothingSeen, drifts: [] }, fresh, { over, begun, strange, now }),
    );
    return held.known.drifts;
  };

  return {
    look: async (endpoint, json) => {
      const sample = shapeOf(json);
      const own = await note(endpoint, sample).catch(
        // A look at the side must not spoil the call.
        () => endpoints.get(endpoint)?.known.drifts ?? [],
      );
      return [...own, ...elsewhere(endpoint, sample)];
    },
  };
}

function hasLasted({ rows }: Endpoint, { path, kind, objects: more }: ShapeChange): boolean {
  const objects = (rows.get(path)?.objects ?? 0) + more;
  rows.set(path, { kind, objects });
  return objects >= inARow;
}

/** As known, and that these keys are not in every object after all. */
const leftOut = ({ shape, counts }: ShapeSample, paths: readonly string[]): ShapeSample => ({
  shape: {
    ...shape,
    ...Object.fromEntries(
      paths.map((path) => [path, [...new Set([...(typesAt(shape, path) ?? []), 'absent'])].sort()]),
    ),
  },
  counts,
});

/** Whether an answer has anything to say of this path: it is there in some type. */
const isShown = ({ shape }: ShapeSample, path: string): boolean =>
  (typesAt(shape, path) ?? []).some((type) => type !== 'null' && type !== 'absent');

/** Whether an answer lacks this, or has it otherwise, too. */
function shows({ shape, counts }: ShapeSample, { path, kind, is }: ShapeDrift): boolean {
  const now = typesAt(shape, path);
  if (kind === 'gone') return now === undefined && couldHave(counts, path);
  return now?.some((type) => is.includes(type)) ?? false;
}

function moved(
  before: KnownShape,
  fresh: ShapeSample,
  how: {
    readonly over: readonly string[];
    readonly begun: readonly ShapeChange[];
    readonly strange: ReadonlySet<string>;
    readonly now: Date;
  },
): KnownShape {
  const kept = before.drifts.filter(({ path }) => !how.over.includes(path));
  const begun = how.begun
    .filter(({ path }) => !kept.some((one) => one.path === path))
    .map(({ path, kind, was, is }) => ({ path, kind, was, is, since: how.now.toISOString() }));
  const drifts = [...kept, ...begun];
  const strange = new Set([...how.strange, ...drifts.map(({ path }) => path)]);
  return { ...mergeShapes(before, fresh, strange), drifts };
}
