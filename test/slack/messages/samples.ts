import type { Drawn } from '#src/slack/messages/blocks.ts';
import { absences } from './absence-samples.ts';
import { agreements } from './agreement-samples.ts';
import { alerts } from './alert-samples.ts';
import { answers } from './answer-samples.ts';
import { connections } from './connection-samples.ts';
import { decisionsAfter, laterAnswers } from './decision-after-samples.ts';
import { decisions } from './decision-samples.ts';
import { digests } from './digest-samples.ts';
import { doctors } from './doctor-samples.ts';
import { forgettings } from './forget-samples.ts';
import { heldUps } from './held-up-samples.ts';
import { likenesses } from './likeness-samples.ts';
import { lists } from './list-samples.ts';
import { lookups } from './lookup-samples.ts';
import { moneyProofs } from './money-proof-samples.ts';
import { pauses } from './pause-samples.ts';
import { putBacks } from './put-back-samples.ts';
import { recordLookups } from './record-samples.ts';
import { undoings } from './rollback-samples.ts';
import { twoPeople } from './two-people-samples.ts';
import { whys } from './why-samples.ts';

/** Every message and answer in every state. */
export const messages: Readonly<Record<string, Drawn>> = {
  ...absences,
  ...agreements,
  ...decisions,
  ...decisionsAfter,
  ...laterAnswers,
  ...alerts,
  ...digests,
  ...heldUps,
  ...lists,
  ...lookups,
  ...recordLookups,
  ...likenesses,
  ...answers,
  ...connections,
  ...twoPeople,
  ...forgettings,
  ...pauses,
  ...moneyProofs,
  ...doctors,
  ...putBacks,
  ...whys,
  ...undoings,
};
