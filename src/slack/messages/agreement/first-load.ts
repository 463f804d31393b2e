import {
  actions,
  blockIds,
  bold,
  bullets,
  button,
  context,
  type Drawn,
  header,
  line,
  rich,
  section,
} from '../blocks.ts';
import { count, escaped, listed, named } from '../text.ts';
import { moment } from '../times.ts';

export interface FirstLoadFacts {
  readonly flowId: string;
  readonly flowName: string;
  readonly drawing: number;
  readonly agreement: number;
  readonly noun: { readonly one: string; readonly many: string };
  /** Records that differ between the systems and were never agreed. */
  readonly records: number;
  /** What was counted in them: each line a number and what it is about. A record can be in several. */
  readonly counts: readonly { readonly n: number; readonly what: string }[];
  /** True where records will be made in a system that lacks them. */
  readonly makes: boolean;
  /** Names of who may approve. */
  readonly deciders: readonly string[];
  readonly approved: { readonly by: string; readonly at: Date } | null;
  readonly zone: string;
}

const differs = ({ records, noun, makes }: FirstLoadFacts): string => {
  const or = makes ? ' or are missing somewhere' : '';
  return count(records, `${noun.one} differs${or.replace('are', 'is')}`, `${noun.many} differ${or}`);
};

/** Nothing is written before the owner has approved the counts; this message shows them. Pure. */
export function drawFirstLoad(facts: FirstLoadFacts): Drawn {
  const id = blockIds(`first-${facts.flowId}`, facts.agreement, facts.drawing);
  const flow = escaped(facts.flowName);
  const foot = context(id('foot'), `${flow} · agreement ${facts.agreement}`);
  if (facts.approved) {
    const { by, at } = facts.approved;
    const words = `*${flow}: approved* by <@${by}>, ${moment(facts.zone, at)}. Truce keeps the systems in step from here on.`;
    return { text: `${flow}: the first load was approved.`, blocks: [section(id('sum'), words), foot] };
  }
  return {
    text: `${flow}: please approve the first load. ${differs(facts)}, nothing is written yet.`,
    blocks: [
      header(id('head'), `May Truce begin? ${named(facts.flowName, 80)}`),
      section(
        id('what'),
        `Truce has read every system. ${count(facts.records, `${facts.noun.one} was`, `${facts.noun.many} were`)} never agreed between them${facts.makes ? ', or are missing in one' : ''}. *Nothing has been written yet.*`,
      ),
      rich(
        id('counts'),
        bullets(...facts.counts.map(({ n, what }) => line(bold(n.toLocaleString('en-AU')), ` ${what}`))),
      ),
      section(
        id('ask'),
        `Once approved, ${facts.makes ? 'what is missing is made, ' : ''}blanks are filled from the owning system, and what differs goes by the agreement’s rules; where it says ` +
          `that a person decides, Truce asks. ${escaped(listed(facts.deciders, 'or')) || 'An owner'} can approve. Until then these wait.`,
      ),
      actions(id('do'), [
        button({
          action: 'first_load_approve',
          label: 'Approve',
          value: `${facts.flowId}/approve/r${facts.agreement}`,
          says: `Approve: Truce may begin to write for ${facts.flowName}`,
          style: 'primary',
        }),
      ]),
      foot,
    ],
  };
}
