import { type Answer, json, text } from '../exchange.ts';

/** Cin7 Core's error body: a list, as the live API sends it. */
export const failure = (status: number, ...exceptions: readonly string[]): Answer =>
  json(
    status,
    exceptions.map((Exception) => ({ ErrorCode: status, Exception })),
  );

/** Over the limit: words only, and nothing about when to come back. */
export const overTheLimit = (status: number): Answer =>
  text(status, 'You reached 60 calls per minute API limit.');
