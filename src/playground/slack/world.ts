import type { Clock } from '../../clock.ts';
import type { PageShortcut } from '../page-server/api.ts';
import type { Faults } from './faults.ts';
import type { Limits } from './limits.ts';
import type { Listeners } from './listeners.ts';
import type { Outdated } from './outdated.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { Sockets } from './sockets.ts';
import type { State } from './state.ts';
import type { Triggers } from './triggers.ts';
import type { Uploads } from './uploads.ts';
import type { Views } from './views.ts';
import type { Ephemerals } from './whispers.ts';
import type { Command } from './workspace.ts';

/** Everything that the parts of one practice workspace share. */
export interface World {
  readonly clock: Clock;
  readonly state: State;
  readonly listeners: Listeners;
  readonly ephemerals: Ephemerals;
  readonly outdated: Outdated;
  readonly triggers: Triggers;
  readonly responses: ResponseUrls;
  readonly views: Views;
  readonly uploads: Uploads;
  readonly sockets: Sockets;
  readonly limits: Limits;
  readonly faults: Faults;
  readonly commands: readonly Command[];
  /** Entries of the menu of each message of the app. */
  readonly shortcuts: readonly PageShortcut[];
  /** Scopes that the app was granted; null for all. */
  readonly scopes: readonly string[] | null;
  /** Events that the app subscribed to. */
  readonly events: readonly string[];
  /** Where people see this workspace: the start of permalinks. Without a slash at the end. */
  siteUrl(): string;
}
