import { expect, test } from 'vitest';
import { openSealed } from '#src/ledger/sealing/open-sealed.ts';
import { giveKeys, openVault } from '#src/ledger/sealing/vault.ts';
import { lookAtKeys } from '#src/slack/facts/doctor-keys.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { testKey } from '#test/support/secret-key.ts';

describeOnBothDatabases('what /sync doctor says of the encryption', (open) => {
  test('counts the records of whose past nobody can read a part, and says what is missing', async () => {
    const { db } = await open();
    const openedWith = (...keys: Uint8Array[]) => openSealed(db, keys, { warn: () => undefined });
    const says = async () => (await lookAtKeys({ db })).needs.map(({ what, remedy }) => `${what}. ${remedy}`);
    await giveKeys(db, ['one', 'two', 'three']);
    expect(await says()).toEqual([]);
    const stranger = Buffer.alloc(32, 'another');
    await openedWith(stranger);
    await giveKeys(db, ['four']);
    expect(await says()).toEqual([
      expect.stringMatching(
        /part of the past of 3 records cannot be read.*earlier key to TRUCE_SECRET_KEY_OLD/,
      ),
    ]);
    await openedWith(stranger, testKey);
    expect(await says()).toEqual([]);
    openVault(db, []);
    expect(await says()).toEqual([
      expect.stringMatching(/TRUCE_SECRET_KEY is not set.*that was there before/),
      expect.stringContaining('4 records'),
    ]);
  });
});
