import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

interface Signed {
  readonly hash: string;
  /** Names the key; null = it is not signed. */
  readonly key: string | null;
  readonly signature: string | null;
}

/** Signs the hashes of links, so that somebody who can write to the database, and no more, cannot write a chain. */
export interface Signer {
  /** False where there is no key. */
  readonly signs: boolean;
  sign(hash: string): Pick<Signed, 'key' | 'signature'>;
  /** `none`: it is not signed. `unknown`: it is, with a key that is not here. */
  check(signed: Signed): 'good' | 'bad' | 'unknown' | 'none';
}

/** HMAC-SHA-256 under keys of its own that are derived from these (32 bytes each): the first signs, all of them check. */
export function createSigner(secretKeys: readonly Uint8Array[]): Signer {
  const keys = secretKeys.map((secret) => {
    const key = new Uint8Array(hkdfSync('sha256', secret, '', 'truce log chain', 32));
    return { id: createHash('sha256').update(key).digest('base64url').slice(0, 8), key };
  });
  const [current] = keys;
  return {
    signs: current !== undefined,
    sign: (hash) =>
      current
        ? { key: current.id, signature: hmac(current.key, hash).toString('hex') }
        : { key: null, signature: null },
    check: ({ hash, key: id, signature }) => {
      if (id === null || signature === null) return id === signature ? 'none' : 'bad';
      const known = keys.find((one) => one.id === id);
      if (!known) return 'unknown';
      const given = Buffer.from(signature, 'hex');
      const right = hmac(known.key, hash);
      return given.length === right.length && timingSafeEqual(given, right) ? 'good' : 'bad';
    },
  };
}

const hmac = (key: Uint8Array, hash: string): Buffer => createHmac('sha256', key).update(hash).digest();
