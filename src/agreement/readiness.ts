import type { Agreement } from './agreement.ts';
import { credentialsOf } from './systems.ts';

/** A plain line for each credential that the agreement names and the environment does not have. Pure. */
export function missingCredentials(agreement: Agreement, has: (variable: string) => boolean): string[] {
  return Object.values(agreement.connections).flatMap((terms) =>
    Object.entries(terms.credentials)
      .filter(([, variable]) => !has(variable))
      .map(([credential, variable]) =>
        credentialsOf(terms).required.includes(credential)
          ? `${variable} is not set: the connection “${terms.id}” needs it as its ${credential}. Set it in the environment.`
          : `${variable} is not set: the connection “${terms.id}” checks webhooks with it. Set it, or take ${credential} out of the agreement.`,
      ),
  );
}
