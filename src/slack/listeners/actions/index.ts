import type { PressListener } from '../press.ts';
import { agreeToVersion } from './agreement.ts';
import {
  handAlertTo,
  moreOfAlert,
  reprocessAlert,
  runAlertFlow,
  snoozeAlert,
  takeAlert,
  wakeAlert,
} from './alert.ts';
import { approveChoice, takeChoiceBack } from './approve.ts';
import { makeRule } from './case-law.ts';
import { showDecision, turnDecisions } from './conflicts.ts';
import { askConnect, askSetUp, checkAgain, openConnect, reconnect } from './connections.ts';
import { lookAgain } from './doctor.ts';
import { approve, runFlowNow, seeFlow } from './flow.ts';
import { askForget } from './forget.ts';
import { answerGone } from './gone.ts';
import { chooseView, foldBoard, followLink, seeConnections } from './home.ts';
import { keepLocked } from './keep.ts';
import { askWho, later, laterNever, laterUntil } from './later.ts';
import { sayWhich, showEvidence } from './likeness.ts';
import { other } from './other.ts';
import { askPause, askResume, cancelPause, confirmPause, confirmResume } from './pause.ts';
import { pick } from './pick.ts';
import { showProof } from './proof.ts';
import {
  askReprocess,
  cancelReprocess,
  confirmReprocess,
  confirmReprocessMany,
  editUnsaved,
} from './reprocess.ts';
import { retry } from './retry.ts';
import {
  review,
  reviewApprove,
  reviewConfirm,
  reviewMany,
  reviewOther,
  reviewPick,
  reviewTakeBack,
  reviewTurn,
  seeAll,
} from './review.ts';
import { askRollback, cancel, confirmRollback, release } from './rollback.ts';
import { answerSafetyStop } from './safety-stop.ts';
import { sendFullLog, showCalls, showLog, showRecord } from './show-log.ts';
import { showValues } from './show-values.ts';
import { askHowTold } from './told.ts';

/** Every button, by the name of its action before the colon. */
export const actions: Readonly<Record<string, PressListener>> = {
  decision_pick: pick,
  decision_approve: approveChoice,
  decision_take_back: takeChoiceBack,
  decision_other: other,
  decision_show: showValues,
  decision_retry: retry,
  decision_rule: makeRule,
  decision_all: seeAll,
  decision_review: review,
  review_pick: reviewPick,
  review_approve: reviewApprove,
  review_take_back: reviewTakeBack,
  review_other: reviewOther,
  review_turn: reviewTurn,
  review_many: reviewMany,
  review_many_preview: reviewMany,
  review_many_confirm: reviewConfirm,
  decision_later: later,
  decision_later_until: laterUntil,
  decision_later_never: laterNever,
  decision_ask_editor: askWho,
  conflicts_show: showDecision,
  conflicts_page: turnDecisions,
  change_log: showLog,
  lookup_calls: showCalls,
  lookup_record: showRecord,
  lookup_file: sendFullLog,
  reprocess_ask: askReprocess,
  reprocess_confirm: confirmReprocess,
  reprocess_cancel: cancelReprocess,
  reprocess_edit: editUnsaved,
  reprocess_many: confirmReprocessMany,
  rollback_ask: askRollback,
  rollback_confirm: confirmRollback,
  rollback_cancel: cancel,
  rollback_release: release,
  alert_take: takeAlert,
  alert_run: runAlertFlow,
  alert_reprocess: reprocessAlert,
  alert_connections: seeConnections,
  alert_more: moreOfAlert,
  alert_snooze: snoozeAlert,
  alert_wake: wakeAlert,
  alert_hand_to: handAlertTo,
  alert_connect: reconnect,
  connect_ask: askConnect,
  connections_check: checkAgain,
  connect_open: openConnect,
  set_up_ask: askSetUp,
  status_flow: seeFlow,
  flow_run: runFlowNow,
  doctor_again: lookAgain,
  home_go: followLink,
  home_view: chooseView,
  home_fold: foldBoard,
  home_connections: seeConnections,
  pause_ask: askPause,
  pause_confirm: confirmPause,
  pause_cancel: cancelPause,
  resume_ask: askResume,
  resume_confirm: confirmResume,
  first_load_approve: approve,
  likeness_same: sayWhich,
  likeness_different: sayWhich,
  likeness_undo: sayWhich,
  likeness_show: showEvidence,
  gone_answer: answerGone,
  forget_ask: askForget,
  locked_keep: keepLocked,
  safety_stop_answer: answerSafetyStop,
  agreement_approve: agreeToVersion,
  agreement_refuse: agreeToVersion,
  told_ask: askHowTold,
  proof_show: showProof,
};
