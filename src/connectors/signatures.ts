import { createHash, timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';
import type { Hinted, WebhookRequest, WebhookVerdict } from './connection.ts';

/** Compares in a time that tells nothing, whatever the lengths. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** A header by its name in lower case, however the caller spelt it. */
export function header(request: WebhookRequest, name: string): string | null {
  const [, value] = Object.entries(request.headers).find(([key]) => key.toLowerCase() === name) ?? [];
  return value?.trim() || null;
}

/** Null where no secret is set: then nothing can be verified, so nothing is believed. */
export function secretOrNull(secret: () => string): string | null {
  try {
    return secret() || null;
  } catch {
    return null;
  }
}

export function parseBody<T>(body: string, shape: z.ZodType<T>): T | null {
  try {
    return shape.safeParse(JSON.parse(body)).data ?? null;
  } catch {
    return null;
  }
}

export const badSignature = (reason: string, isProbe = false): WebhookVerdict => ({
  kind: 'refused',
  status: 401,
  reason,
  isProbe,
});
export const unreadable = (reason: string): WebhookVerdict => ({ kind: 'refused', status: 400, reason });

/** The records named, each once; one without an id is left out. */
export function hints(
  named: readonly { readonly entity: string; readonly externalId: string | null | undefined }[],
): WebhookVerdict {
  const known = new Map<string, Hinted>();
  for (const { entity, externalId } of named)
    if (externalId) known.set(`${entity} ${externalId}`, { entity, externalId });
  return { kind: 'hints', hints: [...known.values()] };
}
