import { z } from 'zod';
import type { Path } from './problem.ts';
import { schema } from './schema.ts';

type Type = z.core.$ZodType | undefined;

/**
 * The settings that may stand at a place of the agreement; none where people choose the names themselves. `data` is what was
 * read: which settings a connection takes depends on its system.
 */
export function keysAt(path: Path, data: unknown): string[] {
  let type: Type = schema;
  let value = data;
  for (const step of path) {
    const here = bare(type);
    type = here instanceof z.ZodRecord ? here.valueType : groupsOf(here, value)[0]?.[String(step)];
    value = partOf(value, step);
  }
  return [...new Set(groupsOf(bare(type), value).flatMap((group) => Object.keys(group)))];
}

const partOf = (value: unknown, step: string | number): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined;

function bare(type: Type): Type {
  return type instanceof z.ZodDefault || type instanceof z.ZodOptional ? bare(type.unwrap()) : type;
}

/** The groups of settings that a value may be: of several alternatives the one that it names itself as, else all of them. */
function groupsOf(type: Type, value: unknown): Readonly<Record<string, Type>>[] {
  const here = bare(type);
  if (here instanceof z.ZodObject) return [here.shape];
  if (!(here instanceof z.ZodUnion)) return [];
  const groups = here.options.flatMap((option) => groupsOf(option, value));
  if (!(here instanceof z.ZodDiscriminatedUnion)) return groups;
  const name = here.def.discriminator;
  const named = groups.filter((group) => z.safeParse(group[name] as z.ZodType, partOf(value, name)).success);
  return named.length > 0 ? named : groups;
}
