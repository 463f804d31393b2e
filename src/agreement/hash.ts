import { createHash } from 'node:crypto';
import type { Agreement } from './agreement.ts';

/** Two agreements that say the same have the same. Where a connection's API lives is no decision of the business: the practice ports change with every start. */
export function hashOf(agreement: Agreement): string {
  const connections = Object.fromEntries(
    Object.entries(agreement.connections).map(([id, terms]) => [
      id,
      { ...terms, baseUrl: null, authUrl: null },
    ]),
  );
  return createHash('sha256')
    .update(JSON.stringify({ ...agreement, connections }))
    .digest('hex');
}
