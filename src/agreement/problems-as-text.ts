import type { Problem } from './problem.ts';

/** Problems as plain lines for the terminal: how many, then for each where, what, and what to do. */
export function printProblems(fileName: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  const lines = problems.flatMap(({ line, message, remedy }) => [
    `  ${line === null ? fileName : `${fileName}, line ${line}`}: ${message}`,
    `    ${remedy}`,
  ]);
  return [`Truce does not start: ${fileName} has ${count}.`, ...lines].join('\n');
}
