import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** Puts secrets into a form that only the holder of a key can read. */
export interface Seal {
  /** Encrypts `text`; `about` is bound to it, so that it cannot be moved to another row. Throws where there is no key. */
  close(text: string, about: string): string;
  /** Throws {@link CannotOpen}. */
  open(sealed: string, about: string): string;
  /** False for what an older key closed. */
  isCurrent(sealed: string): boolean;
  /** What everything begins with that it closes; of no text where there is no key. */
  readonly prefix: string;
}

/** `no_key`: none of our keys closed it. `changed`: it is not what was closed, or not about this. */
export class CannotOpen extends Error {
  override readonly name = 'CannotOpen';
  readonly why: 'no_key' | 'changed';

  constructor(why: 'no_key' | 'changed') {
    super(why === 'no_key' ? 'None of the keys here encrypted it.' : 'It is not what was encrypted.');
    this.why = why;
  }
}

const cipher = 'aes-256-gcm';
const version = 'v1';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * AES-256-GCM with a random nonce for each text: `v1.<key id>.<nonce>.<tag>.<text>`, base64url. The first key (32 bytes)
 * encrypts, all of them decrypt. A key's id is a part of its hash and tells nothing of the key.
 */
export function createSeal(keys: readonly Uint8Array[]): Seal {
  const ids = keys.map(idOf);
  const byId = new Map(keys.map((key, i) => [ids[i], key]));
  const [current] = keys;
  const [currentId = ''] = ids;
  return {
    close: (text, about) => {
      if (!current) throw new Error('TRUCE_SECRET_KEY is not set, so nothing can be encrypted.');
      const nonce = randomBytes(nonceBytes);
      const encrypting = createCipheriv(cipher, current, nonce, { authTagLength: tagBytes });
      encrypting.setAAD(boundTo(currentId, about));
      const hidden = Buffer.concat([encrypting.update(text, 'utf8'), encrypting.final()]);
      const parts = [nonce, encrypting.getAuthTag(), hidden].map((part) => part.toString('base64url'));
      return [version, currentId, ...parts].join('.');
    },
    open: (sealed, about) => {
      const [form, id = '', ...parts] = sealed.split('.');
      const [nonce, tag, hidden] = parts.map((part) => Buffer.from(part, 'base64url'));
      if (form !== version || parts.length !== 3 || !nonce || !tag || !hidden)
        throw new CannotOpen('changed');
      if (nonce.length !== nonceBytes || tag.length !== tagBytes) throw new CannotOpen('changed');
      const key = byId.get(id);
      if (!key) throw new CannotOpen('no_key');
      try {
        const decrypting = createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes });
        decrypting.setAAD(boundTo(id, about));
        decrypting.setAuthTag(tag);
        return Buffer.concat([decrypting.update(hidden), decrypting.final()]).toString('utf8');
      } catch {
        throw new CannotOpen('changed');
      }
    },
    isCurrent: (sealed) => current !== undefined && sealed.split('.')[1] === currentId,
    prefix: `${version}.${currentId}.`,
  };
}

const boundTo = (id: string, about: string): Buffer => Buffer.from([version, id, about].join('.'), 'utf8');

const idOf = (key: Uint8Array): string =>
  createHash('sha256').update('truce key id').update(key).digest('base64url').slice(0, 8);
