import type { Flow } from '../../agreement/agreement.ts';
import type { Amount } from '../../entities/money/amount.ts';
import { showAmount } from '../../entities/money/fields.ts';
import { type HeldUp, type HeldUpBy, heldUp, worthOf } from '../../ledger/changes/held-up.ts';
import { waitingValues } from '../../ledger/questions/waiting-worth.ts';
import type { FactSources } from '../deps.ts';
import type { FlowHeldUp, HeldUpFacts } from '../messages/decision/held-up.ts';
import { listed } from '../messages/text.ts';

/** What waits for what is open: each record once, however many of these changes it waits for. */
export async function heldUpFacts(sources: FactSources, by: HeldUpBy): Promise<HeldUpFacts> {
  return factsOf(sources, await heldUp(sources.db, Object.values(sources.agreement().flows), by));
}

/** The same for flows, with one look into the ledger: what their decisions hold up, each by itself and all together, and what their other waits do. */
export async function heldUpByFlow(
  sources: FactSources,
  flows: readonly string[],
): Promise<{ readonly each: (flow: string) => FlowHeldUp; readonly decisions: HeldUpFacts }> {
  const found = await heldUp(sources.db, Object.values(sources.agreement().flows), { flows });
  const asked = found.filter(({ by }) => by.asks);
  const of = (some: readonly HeldUp[], flow: string) =>
    factsOf(
      sources,
      some.filter(({ by }) => by.flow === flow),
    );
  const others = found.filter(({ by }) => !by.asks);
  return {
    each: (flow) => ({ decisions: of(asked, flow), waits: of(others, flow) }),
    decisions: factsOf(sources, asked),
  };
}

/** The same for each change by itself, with one look into the ledger. */
export async function heldUpByChange(
  sources: FactSources,
  changes: readonly string[],
): Promise<{ readonly each: ReadonlyMap<string, HeldUpFacts>; readonly all: HeldUpFacts }> {
  const found = await heldUp(sources.db, Object.values(sources.agreement().flows), { changes });
  const groups = Map.groupBy(found, ({ by }) => by.changeId);
  return {
    each: new Map([...groups].map(([changeId, some]) => [changeId, factsOf(sources, some)])),
    all: factsOf(sources, found),
  };
}

function factsOf({ entity }: FactSources, found: readonly HeldUp[]): HeldUpFacts {
  const once = [...new Map(found.map((one) => [`${one.flow} ${one.recordId}`, one])).values()];
  const kinds = Map.groupBy(once, (one) => one.entity);
  const groups = [...kinds].map(([name, some]) => ({
    noun: entity(name).noun,
    n: some.length,
    amount: sumWords(some.flatMap((one) => worthOf(entity(name), one) ?? [])),
    title: some.length === 1 ? (some[0]?.title ?? null) : null,
  }));
  return {
    groups: groups.sort((a, b) => Number(a.amount === null) - Number(b.amount === null)),
    amount: sumWords(once.flatMap((one) => worthOf(entity(one.entity), one) ?? [])),
  };
}

/** What the records come to that wait in a flow itself, where they are about money: "$38,400". */
export async function waitingWorth(
  { db, entity: entityNamed }: FactSources,
  flow: Flow,
): Promise<string | null> {
  const entity = entityNamed(flow.entity);
  if (!entity.worth) return null;
  const waiting = await waitingValues(db, flow.id);
  return sumWords(waiting.flatMap((one) => worthOf(entity, one) ?? []));
}

/** "$14,230", "$14,230.50", "$14,230 and USD 500"; null for nothing. */
function sumWords(amounts: readonly Amount[]): string | null {
  const sums = Map.groupBy(amounts, ({ currency }) => currency);
  const words = [...sums].map(([currency, some]) => {
    const minor = some.reduce((sum, amount) => sum + amount.minor, 0);
    return showAmount({ minor, currency }).replace(/\.00$/, '');
  });
  return words.length > 0 ? listed(words) : null;
}
