import type { IncidentHistory } from '../../../ledger/tables/incidents.ts';
import { bold, context, type Drawn, line, numbered, type Piece, person, rich } from '../blocks.ts';
import { count, ended, escaped, isUserId, named, sentence } from '../text.ts';
import { richMoment } from '../times.ts';
import type { AlertFacts } from './facts.ts';
import { problemWords } from './problem-words.ts';

/** An alert that no run raised, and what happened to it. */
export interface AlertLookup extends IncidentHistory {
  readonly kind: 'alert';
  readonly alert: AlertFacts;
  readonly command: string;
}

type Happening = IncidentHistory['happenings'][number];

const verbs: Record<Happening['kind'], string> = {
  opened: 'began',
  worse: 'became more',
  acknowledged: 'taken on',
  snoozed: 'put off',
  woken: 'nobody is on it any more',
  returned: 'came back',
  recovered: 'over',
};
/** Whoever did it is named; of the others the words are told. */
const byPeople: ReadonlySet<string> = new Set(['acknowledged', 'snoozed']);

/** `/sync lookup` of an alert that no run raised, and its "Show log": what happened to it, in order. Pure. */
export function drawAlertLookup({ alert, happenings, met, command }: AlertLookup): Drawn {
  const title = `Alert ${alert.number}, ${alert.flowName}: ${problemWords(alert)}`;
  const lines = happenings.map((one) =>
    line(richMoment(alert.zone, one.at), ', ', bold(verbs[one.kind]), ...wordsOf(one)),
  );
  const again: Piece[] = met.last
    ? [`Met ${count(met.times, 'time', 'times')} more, last `, richMoment(alert.zone, met.last), '.']
    : ['Met once.'];
  return {
    text: escaped(title),
    blocks: [
      rich('head', line(bold(sentence(title)))),
      rich('story', lines.length > 0 ? numbered(lines) : line('Nothing has happened to it yet.')),
      rich('met', line(...again)),
      context(
        'next',
        `Found by looking, not in a run: there are no calls to show. How it stands: \`${escaped(command)} status ${escaped(alert.flowId)}\``,
      ),
    ],
  };
}

function wordsOf({ kind, by, message }: Happening): Piece[] {
  if (byPeople.has(kind) && by && isUserId(by)) return [' by ', person(by), '.'];
  return [`: ${ended(named(message, 200))}`];
}
