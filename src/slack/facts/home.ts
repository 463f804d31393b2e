import { speaksFor } from '../../agreement/deputies.ts';
import type { Home } from '../../ledger/posts/homes.ts';
import { preferencesOf } from '../../ledger/posts/preferences.ts';
import type { FactSources } from '../deps.ts';
import type { HomeFacts } from '../messages/home/facts.ts';
import { worstFirst } from '../messages/status/status.ts';
import { decidersOf, type Known, membership, visibleFlows } from '../people.ts';
import { connectionFacts } from './connections.ts';
import { heldUpByFlow } from './held-up.ts';
import { homeDecisions } from './home-decisions.ts';
import { statusFacts } from './status.ts';

/** Who looks, and where. */
export interface Viewer {
  readonly id: string;
  readonly person: Known;
  /** The workspace's id. */
  readonly home: string;
}

/** Everything that one person's board shows. */
export async function homeFacts(
  sources: FactSources,
  viewer: Viewer,
  { view, unfolded, isFirst }: Pick<Home, 'view' | 'unfolded'> & { readonly isFirst: boolean },
): Promise<HomeFacts> {
  const active = sources.agreement();
  const member = membership(viewer.person, viewer.home);
  if (member.kind === 'unknown') return { kind: 'unknown' };
  if (member.kind !== 'yes') return { kind: 'stranger', company: active.company };
  const all = Object.values(active.flows);
  const mine = visibleFlows(viewer.person, active, viewer.home);
  const status = await statusFacts(sources, all, {
    id: viewer.id,
    command: active.command,
    mine,
  });
  const decides = mine.filter((flow) => decidersOf(flow).includes(viewer.id)).map(({ id }) => id);
  const own = all.filter(({ owners }) => speaksFor(viewer.id, owners.technical));
  const used = new Set(own.flatMap(({ connections }) => connections));
  const terms = Object.values(active.connections).filter(({ id }) => used.has(id));
  return {
    kind: 'board',
    now: status.now,
    zone: status.zone,
    agreement: status.agreement,
    command: status.command,
    flows: worstFirst(status.flows),
    view,
    unfolded,
    isFirst,
    decides,
    heldUp: (await heldUpByFlow(sources, decides)).decisions,
    decisions: await homeDecisions(sources, viewer.id, decides),
    told: (await preferencesOf(sources.db, viewer.id)).slots,
    connections: await connectionFacts(sources, terms, () => true),
  };
}

/** The state words on a board: while they stay the same it need not be drawn anew. */
export const shownOn = (facts: HomeFacts): string =>
  facts.kind === 'board'
    ? [
        ...facts.flows.map(({ id, state, decisions, problem }) =>
          [id, state, decisions.open, problem?.alert ?? '-'].join(' '),
        ),
        ...facts.decisions.shown.map(({ changeId }) => changeId),
      ].join('\n')
    : facts.kind;
