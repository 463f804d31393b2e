import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { StateValues } from '../../page-server/api.ts';
import type { Value } from '../form.ts';

/** Where blocks stand, a message or a modal: what their elements hold, and what a press on one does. */
export interface Surface {
  readonly values: StateValues;
  readonly errors: Readonly<Record<string, string>>;
  change(blockId: string, actionId: string, value: Value): void;
  /** Resolves when the server has taken the press. */
  act(blockId: string, actionId: string, value: string | null, values?: StateValues): Promise<void>;
}

export const SurfaceContext = createContext<Surface>({
  values: {},
  errors: {},
  change: () => {},
  act: async () => {},
});
export const useSurface = () => useContext(SurfaceContext);
