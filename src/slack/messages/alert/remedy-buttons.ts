import type { Button } from '@slack/types';
import { button } from '../blocks.ts';
import type { AlertFacts } from './facts.ts';

type Facts = Pick<
  AlertFacts,
  'number' | 'revision' | 'cause' | 'system' | 'connectCommand' | 'flowName' | 'noun'
>;

/** What mends the problem, or shows whether it is mended: never a button that cannot. Pure. */
export function remedyButtons(facts: Facts): Button[] {
  switch (facts.cause) {
    case 'auth':
      return [...reconnect(facts), runNow(facts)];
    case 'connection':
      // No run closes it: its account is looked at every day, after connecting, and where the connections are shown.
      return [...reconnect(facts), seeConnections(facts)];
    case 'refusals':
    case 'partial':
      return [reprocess(facts), runNow(facts)];
    default:
      return [runNow(facts)];
  }
}

const carried = ({ number, revision }: Facts, what: string): string => `${number}/${what}/r${revision}`;

function reconnect(facts: Facts): Button[] {
  const { system, connectCommand } = facts;
  return connectCommand
    ? [
        button({
          action: 'alert_connect',
          label: `Reconnect ${system ?? ''}`.trim(),
          value: carried(facts, 'connect'),
          says: `Reconnect ${system ?? 'it'}: gives you a link to its page`,
        }),
      ]
    : [];
}

const seeConnections = (facts: Facts): Button =>
  button({
    action: 'alert_connections',
    label: 'See connections',
    value: carried(facts, 'connections'),
    says: `See what ${facts.system ?? 'each connection'} needs, and check it again`,
  });

const reprocess = (facts: Facts): Button =>
  button({
    action: 'alert_reprocess',
    label: 'Reprocess…',
    value: carried(facts, 'reprocess'),
    says: `Run again the ${facts.noun.many} that are not everywhere; shows first which`,
  });

const runNow = (facts: Facts): Button =>
  button({
    action: 'alert_run',
    label: 'Run now',
    value: carried(facts, 'run'),
    says: `Run ${facts.flowName} now, to see whether it works again`,
  });
