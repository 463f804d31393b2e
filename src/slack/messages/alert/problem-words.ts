import type { AlertFacts } from './facts.ts';

type Problem = Pick<AlertFacts, 'cause' | 'system' | 'flowName' | 'channel' | 'field' | 'credentialsNote'> &
  Partial<Pick<AlertFacts, 'fewer'>>;

/** What is wrong, in the middle of a sentence: "Xero refuses our sign-in". The closed list of causes, in words. */
export function problemWords({ cause, system, field, channel, fewer = false }: Problem): string {
  const it = system ?? 'a system';
  switch (cause) {
    case 'auth':
      return `${it} refuses our sign-in`;
    case 'refused':
      return `${it} refuses our calls`;
    case 'unreachable':
      return `${it} cannot be reached`;
    case 'silent':
      return `${it} does not answer`;
    case 'busy':
      return `${it} asks us to wait`;
    case 'budget':
      return `too few calls to ${it} are left for now`;
    case 'nonsense':
      return `${it} sends answers that cannot be read`;
    case 'drift':
      return field ? `${it} no longer has the field “${field}”` : `${it} has changed what it sends or takes`;
    case 'late':
      return 'the run is late';
    case 'stuck':
      return 'a run does not come to its end';
    case 'connection':
      return `${it} needs something from you`;
    case 'room':
      return `nothing can be posted in #${channel}`;
    case 'partial':
      return 'records are not in every system yet';
    case 'zero_rows':
      return `${it} lists nothing where much is usual`;
    case 'safety_stop':
      return 'a safety stop waits for an answer';
    case 'loss':
      return field
        ? `${it} does not keep “${field}” as it is written`
        : `${it} does not keep what is written`;
    case 'backlog':
      return 'more waits than can be worked off';
    case 'volume':
      return `far ${fewer ? 'fewer' : 'more'} changes than usual`;
    case 'refusals':
      return 'too many records are refused';
    case 'bug':
      return 'Truce met a fault of its own';
  }
}

/** What Truce does meanwhile. */
export function truceDoes({ cause, system, field, fewer = false }: Problem): string {
  const it = system ?? 'the system';
  switch (cause) {
    case 'auth':
    case 'refused':
    case 'unreachable':
    case 'silent':
    case 'nonsense':
      return `keeps trying at every run, and catches up by itself once ${it} works again.`;
    case 'busy':
    case 'budget':
      return `waits as asked, and catches up by itself.`;
    case 'drift':
      return field
        ? 'leaves that field alone in every system; the other fields go on.'
        : 'goes on, and leaves alone what it cannot read or write.';
    case 'late':
    case 'stuck':
      return 'starts the run as soon as it can; nothing is skipped.';
    case 'connection':
      return 'goes on with what works, and looks again every day.';
    case 'room':
      return 'keeps what it has to say, and posts it when the channel works again.';
    case 'partial':
      return 'tries again by itself, after an hour at first and once a day at last.';
    case 'zero_rows':
      return 'takes nothing as deleted, and looks again at the next run.';
    case 'safety_stop':
      return 'writes nothing of it before somebody approved it.';
    case 'loss':
      return 'does not take what was cut for a change, and brings it nowhere else.';
    case 'backlog':
      return 'works through it, oldest first; nothing is lost.';
    case 'volume':
      return fewer
        ? 'reads everything at every run, and met no error.'
        : 'brings each change where it belongs, by its rule. Too much at once waits for an approval.';
    case 'refusals':
      return 'goes on with the others, and tries these again by itself.';
    case 'bug':
      return 'stopped before writing anything doubtful, and tries again at the next run.';
  }
}

/** What the technical owner can do: the remedy, as short as it can be. */
export function remedyWords({
  cause,
  system,
  channel,
  field,
  credentialsNote,
  connectCommand,
  fewer = false,
}: Problem & Pick<AlertFacts, 'connectCommand'>): string {
  const it = system ?? 'the system';
  switch (cause) {
    case 'auth':
      if (connectCommand) return `press Reconnect, or type ${connectCommand}.`;
      return `renew the credentials of ${it}${credentialsNote ? ` (${credentialsNote})` : ''} where Truce runs, and restart it.`;
    case 'refused':
      return `look at the log for what ${it} refused, put it right there, then press Run now.`;
    case 'unreachable':
    case 'silent':
      return `see whether ${it} has a fault of its own (its status page); else nothing.`;
    case 'busy':
      return 'nothing, unless it stays so: then something else uses the same account.';
    case 'budget':
      return 'nothing, unless it happens often: then ask for more calls, or run less often.';
    case 'nonsense':
      return `see whether ${it} has a fault of its own; the log shows what it sent.`;
    case 'drift':
      return field
        ? `see in ${it} whether “${field}” was renamed or removed, and put it back.`
        : `see in ${it} what was changed there, and put it right; else please tell whoever looks after Truce.`;
    case 'late':
    case 'stuck':
      return 'see whether the machine that runs Truce is busy or was asleep; press Run now.';
    case 'connection':
      return 'do what it says above; then this closes by itself.';
    case 'room':
      return `see that #${channel} exists, is not archived, and that Truce is a member.`;
    case 'partial':
      return 'put right there what a system refused; then Truce brings it by itself, or at once if you press Reprocess.';
    case 'zero_rows':
      return `see in ${it} whether the records are still there, and whether Truce may still see them.`;
    case 'safety_stop':
      return 'look at the examples on its message, and approve or refuse there.';
    case 'loss':
      return `see in ${it} how long ${field ? `“${field}”` : 'the field'} may be, or whether something changes it there.`;
    case 'backlog':
      return 'see whether the machine that runs Truce is busy, or a system slow; else nothing.';
    case 'volume':
      return fewer
        ? 'see whether a holiday explains it, or a program or form of yours that has stopped.'
        : 'see whether somebody changed so many on purpose, as an import does. If not, pause this sync in the menu below.';
    case 'refusals':
      return 'see the reason on their messages, put it right there, then press Reprocess.';
    case 'bug':
      return 'please send the log to whoever looks after Truce.';
  }
}
