import type { Observation } from '../connector.ts';
import type { CrmRecord, HistoryEntry } from './schema.ts';

/** The newest entry in the history of any of a field's properties; HubSpot lists the newest first, but says so nowhere. */
export function editorsOf(
  { propertiesWithHistory }: CrmRecord,
  mapped: Readonly<Record<string, readonly string[]>>,
): Observation['editors'] {
  const told: Record<string, { by: string | null; at: string | null }> = {};
  for (const [field, keys] of Object.entries(mapped)) {
    const entries = keys.flatMap((key) => propertiesWithHistory?.[key] ?? []);
    const newest = entries.reduce<HistoryEntry | null>(
      (best, entry) => (best && Date.parse(best.timestamp) >= Date.parse(entry.timestamp) ? best : entry),
      null,
    );
    if (newest) told[field] = { by: whoIn(newest), at: newest.timestamp };
  }
  return told;
}

/** A person's, an app's or an import's name where HubSpot has one; else what kind of thing it was. Null where it says nothing. */
function whoIn({ sourceLabel, sourceType, sourceId }: HistoryEntry): string | null {
  const name = sourceLabel?.trim();
  if (name) return name;
  const [, user] = /^userId:(\d+)$/.exec(sourceId ?? '') ?? [];
  if (user) return `HubSpot user ${user}`;
  const kind = sourceType?.toUpperCase() ?? '';
  return Object.entries(kinds).find(([part]) => kind.includes(part))?.[1] ?? null;
}

/** Parts of HubSpot's source types, as people call what they stand for. */
const kinds: Readonly<Record<string, string>> = {
  IMPORT: 'an import',
  INTEGRATION: 'an integration',
  API: 'an integration',
  WORKFLOW: 'a workflow',
  AUTOMATION: 'a workflow',
  FORM: 'a form',
  MERGE: 'a merge',
  CALCULATED: 'HubSpot',
};
