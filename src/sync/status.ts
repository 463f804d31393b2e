import type { FieldValue, Observed } from '../entities/field.ts';

/** The field by which a record is in use or archived: all that an archived record takes part with. */
export const statusField = 'status';

/** True unless it is known to be archived. */
export const isInUse = (status: FieldValue | null | undefined): boolean => status !== 'archived';

/**
 * What of an archived record takes part in comparing, and is kept as its base: its status alone. Where the system tells none
 * of it (a recycle bin), that is kept too, so that the status it had before does not count any longer.
 */
export function statusAlone(fields: Readonly<Record<string, Observed>>): Readonly<Record<string, Observed>> {
  const status = fields[statusField];
  return {
    [statusField]: status === undefined || status.state === 'not_read' ? { state: 'unsupported' } : status,
  };
}

/** Whether an archived record's status is something that its system can be told. */
export const tellsStatus = (base: Readonly<Record<string, Observed>> | undefined): boolean =>
  base?.[statusField]?.state === 'value';
