import { type System, systems } from './customers.ts';

/** What a pipeline is measured at. */
export interface Scenario {
  readonly name: string;
  readonly label: string;
  /** The systems that have the customers before the first run. */
  readonly where: readonly System[];
  /** True = what is measured is the first run itself, each time on an empty database. */
  readonly isFirst: boolean;
  /** Whether the run reads everything there is, or what changed since the last one. */
  readonly everything: boolean;
  /** Every so many customers get another phone number in HubSpot before each run; 0 = none. */
  readonly each: number;
}

const loaded = { where: systems, isFirst: false, everything: false, each: 0 };

export const scenarios: Readonly<Record<string, Scenario>> = Object.fromEntries(
  [
    { ...loaded, name: 'load', label: 'first load', isFirst: true },
    { ...loaded, name: 'unchanged', label: 'unchanged sweep', everything: true },
    { ...loaded, name: 'changed', label: 'everything changed', each: 1 },
    { ...loaded, name: 'day', label: 'a 1 % day', each: 100 },
    {
      ...loaded,
      name: 'make',
      label: 'first load into two empty systems',
      isFirst: true,
      where: ['hubspot' as const],
    },
  ].map((scenario) => [scenario.name, scenario]),
);
