import type { Desk } from '../desk.ts';
import type { Check } from '../messages/status/doctor-facts.ts';
import { listed } from '../messages/text.ts';
import { neededScopes } from '../scopes.ts';

/** What the workspace granted the app: Slack says it with every answer. */
export async function lookAtScopes({ client }: Pick<Desk, 'client'>): Promise<Check> {
  const { response_metadata: said } = await client.auth.test();
  const granted = said?.scopes;
  const missing = granted ? neededScopes.filter((scope) => !granted.includes(scope)) : [];
  return {
    name: 'Permissions',
    fine: granted ? `all ${neededScopes.length} were granted` : 'Slack did not say which were granted',
    needs:
      missing.length > 0
        ? [
            {
              cause: `scopes:${missing.join(',')}`,
              what: `${missing.length === 1 ? 'This permission is' : 'These permissions are'} missing in Slack: ${listed(missing)}`,
              remedy: 'Put manifest.yml into the app’s settings at api.slack.com/apps, and install it again',
              owners: [],
            },
          ]
        : [],
  };
}
