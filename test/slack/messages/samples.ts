import { alerts } from './alert-samples.ts';
import { answers } from './answer-samples.ts';
import { connections } from './connection-samples.ts';
import { decisions } from './decision-samples.ts';
import { lookups } from './lookup-samples.ts';

/** Every message and answer in every state. */
export const messages = { ...decisions, ...alerts, ...lookups, ...answers, ...connections };
