import { lostKeys } from '../../ledger/sealing/tend-keys.ts';
import { isSealing } from '../../ledger/sealing/vault.ts';
import type { Desk } from '../desk.ts';
import type { Check, Need } from '../messages/status/doctor-facts.ts';
import { count } from '../messages/text.ts';

/** Whether what is kept of past values is encrypted, and can be read again. */
export async function lookAtKeys({ db }: Pick<Desk, 'db'>): Promise<Check> {
  const lost = await lostKeys(db);
  const fine = 'past values are encrypted, record by record';
  const needs = [...(isSealing(db) ? [] : [notSealing]), ...(lost > 0 ? [unreadable(lost)] : [])];
  return { name: 'Encryption', fine, needs };
}

const notSealing: Need = {
  cause: 'no_secret_key',
  what: 'What Truce keeps of past values is not encrypted: TRUCE_SECRET_KEY is not set',
  remedy:
    'Set the key that was there before, if there was one; else make one with `openssl rand -base64 32`, keep a copy, and set it in the environment',
  owners: [],
};

const unreadable = (lost: number): Need => ({
  // However many they are: nobody is told of it each time that one of them is erased.
  cause: 'secret_key_lost',
  what: `A part of the past of ${count(lost, 'record', 'records')} cannot be read: it is encrypted with a TRUCE_SECRET_KEY that is not here`,
  remedy:
    'Add the earlier key to TRUCE_SECRET_KEY_OLD and start Truce again; if nobody has it any more, that part is gone',
  owners: [],
});
