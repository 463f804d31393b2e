import type { Envelope } from './sockets.ts';

export type Acknowledgement =
  | { readonly acked: true; readonly payload: Envelope['payload'] }
  | { readonly acked: false };

/** Envelopes under way, each with its time for an answer. What comes later finds nobody waiting. */
export interface Acks {
  /** Resolves when the envelope is acknowledged or its time is up. */
  wait(envelopeId: string): Promise<Acknowledgement>;
  /** One text frame from the app: `{"envelope_id":"…","payload":{…}}`, the payload optional. */
  read(frame: string): void;
  /** The next frame gets lost on its way. */
  loseNext(): void;
  giveUp(): void;
}

/** @param ackMs real milliseconds for an acknowledgement. */
export function openAcks(ackMs: number): Acks {
  const waiting = new Map<string, (outcome: Acknowledgement) => void>();
  let lost = 0;
  return {
    wait: (envelopeId) =>
      new Promise((resolve) => {
        const finish = (outcome: Acknowledgement) => {
          waiting.delete(envelopeId);
          clearTimeout(timer);
          resolve(outcome);
        };
        const timer = setTimeout(() => finish({ acked: false }), ackMs).unref();
        waiting.set(envelopeId, finish);
      }),
    loseNext: () => {
      lost++;
    },
    read: (frame) => {
      if (lost > 0) {
        lost--;
        return;
      }
      const said = parse(frame);
      if (said !== null) waiting.get(said.envelopeId)?.({ acked: true, payload: said.payload });
    },
    giveUp: () => {
      for (const finish of [...waiting.values()]) finish({ acked: false });
    },
  };
}

function parse(frame: string): { envelopeId: string; payload: Envelope['payload'] } | null {
  try {
    const { envelope_id: envelopeId, payload } = JSON.parse(frame);
    return typeof envelopeId === 'string' ? { envelopeId, payload: payload ?? {} } : null;
  } catch {
    return null;
  }
}
