/**
 * The named points of writing our ids into records that were there, at each of which a run ends in the tests beside this. Runs that
 * somebody asked for write none, so that the real process is not killed at them.
 */
export const markingPoints = ['marks_read', 'marks_sent', 'marks_kept'] as const;
