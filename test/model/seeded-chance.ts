import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import type { Dice } from './dice.ts';

/**
 * Makes `randomUUID` throw these dice, for everybody in this process: the ids of records and writes decide in which order a
 * database gives them, and so what meets a vendor's fault. Returns the way back.
 */
export function seedChance(dice: Dice): () => void {
  const { randomUUID } = crypto;
  const part = (length: number) => Array.from({ length }, () => dice.between(0, 15).toString(16)).join('');
  crypto.randomUUID = () => `${part(8)}-${part(4)}-4${part(3)}-a${part(3)}-${part(12)}`;
  syncBuiltinESMExports();
  return () => {
    crypto.randomUUID = randomUUID;
    syncBuiltinESMExports();
  };
}
