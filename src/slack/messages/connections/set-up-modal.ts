import type { KnownBlock, ModalView } from '@slack/types';
import { bullets, line, plain, rich } from '../blocks.ts';
import { named } from '../text.ts';

export interface SetUpFacts {
  /** `<connection>/<step>/<digest>/<channel>`: ids only. */
  readonly metadata: string;
  readonly label: string;
  readonly account: string | null;
  readonly step: { readonly label: string; readonly details: readonly string[] };
}

const mostDetails = 80;

/** Everything that a step will make in a vendor's account, and the question. Pure. */
export function drawSetUp({ metadata, label, account, step }: SetUpFacts): ModalView {
  const where = account ? `${label}’s account ${named(account, 100)}` : `${label}’s account`;
  const shown = step.details.slice(0, mostDetails).map((detail) => line(named(detail, 250)));
  const hidden = step.details.length - shown.length;
  const list = [...shown, ...(hidden > 0 ? [line(`and ${hidden} more`)] : [])];
  const blocks: KnownBlock[] = [
    { type: 'section', block_id: 'what', text: plain(`${named(step.label, 150)}, in ${where}:`, 400) },
    ...(list.length > 0 ? [rich('details', bullets(...list))] : []),
    {
      type: 'section',
      block_id: 'after',
      text: plain(
        'Nothing else is changed there, and nothing is made twice. Your approval is kept in the log.',
        300,
      ),
    },
  ];
  return {
    type: 'modal',
    callback_id: 'connection_set_up',
    private_metadata: metadata,
    title: plain('Approve a step', 24),
    submit: plain('Approve', 24),
    close: plain('Cancel', 24),
    blocks,
  };
}
