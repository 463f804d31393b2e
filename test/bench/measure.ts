import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface Measured {
  readonly seconds: number;
  /** Of processor, s: all threads of the process, PGlite's among them. */
  readonly cpu: number;
  /** The most that the process held meanwhile, MB. */
  readonly memory: number;
  /** How long the event loop was kept from its next turn, ms: 99 of 100 turns waited no longer. */
  readonly gap: number;
}

/** Does a work, and looks at the process meanwhile. */
export async function measure(work: () => Promise<void>): Promise<Measured> {
  globalThis.gc?.();
  let memory = process.memoryUsage.rss();
  const look = setInterval(() => {
    memory = Math.max(memory, process.memoryUsage.rss());
  }, 20);
  const resolution = 1;
  const gaps = monitorEventLoopDelay({ resolution });
  gaps.enable();
  const before = process.cpuUsage();
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  gaps.disable();
  clearInterval(look);
  const cpu = (user + system) / 1e6;
  return {
    seconds,
    cpu,
    memory: memory / 1024 / 1024,
    gap: Math.max(0, gaps.percentile(99) / 1e6 - resolution),
  };
}

/** The middle of some numbers. */
export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

export function quantile(numbers: readonly number[], q: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}
