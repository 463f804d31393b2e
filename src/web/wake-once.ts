import type { WakeUp } from '../jobs/wake.ts';

/** For so long one wake-up stands for all that come, in ms of real time. */
const quietMs = 500;

/**
 * Wakes a flow for its hints: at once, and then once more for all that were asked for within half a second, however many. Ten
 * thousand webhooks in a minute are some hundred wake-ups. `failed` hears of one that did not get through.
 */
export function wakeOnce(
  wake: WakeUp,
  failed: (flow: string, error: unknown) => void,
): (flow: string) => void {
  /** Flows that were woken just now → whether somebody asked again since. */
  const quiet = new Map<string, boolean>();
  const ask = (flow: string): void => {
    if (quiet.has(flow)) {
      quiet.set(flow, true);
      return;
    }
    quiet.set(flow, false);
    wake({ flow, trigger: 'hint' }).catch((error: unknown) => failed(flow, error));
    // A process that ends meanwhile loses a wake-up and no hint.
    setTimeout(() => {
      const again = quiet.get(flow);
      quiet.delete(flow);
      if (again) ask(flow);
    }, quietMs).unref();
  };
  return ask;
}
