import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import type { LineOf, Path, Problem } from './problem.ts';
import { where } from './where.ts';

type Parsed =
  | { readonly ok: true; readonly data: unknown; readonly lineOf: LineOf }
  | { readonly ok: false; readonly problems: Problem[] };

/** Reads YAML, keeping the line of everything in it. */
export function parseYaml(text: string): Parsed {
  const lines = new LineCounter();
  // Keys that are there twice are looked for below, to say which.
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const [error] = document.errors;
  // What follows a first mistake is mostly an echo of it.
  if (error) return { ok: false, problems: [syntaxProblem(error, text, lineAt(error.pos[0]))] };
  const doubles = duplicateKeys(document, lineAt);
  if (doubles.length > 0) return { ok: false, problems: doubles };
  try {
    return { ok: true, data: document.toJS(), lineOf: (path) => lineOfPath(document, path, lineAt) };
  } catch {
    const message = 'A reference (*name) leads nowhere.';
    return { ok: false, problems: [{ line: null, message, remedy: 'Write the value out instead.' }] };
  }
}

function syntaxProblem(error: YAMLError, text: string, line: number): Problem {
  const indent = /^\s*/.exec(text.split('\n')[line - 1] ?? '')?.[0] ?? '';
  if (error.code === 'TAB_AS_INDENT' || indent.includes('\t')) {
    return {
      line,
      message: 'The line starts with a tab, which YAML does not allow.',
      remedy: 'Replace the tab by spaces, as many as the lines around it have.',
    };
  }
  if (error.code === 'BAD_INDENT') {
    return {
      line,
      message: 'The line does not fit what is above it.',
      remedy: 'Start it in the same column as its neighbours, and close every bracket and quote before it.',
    };
  }
  if (error.code === 'MULTIPLE_DOCS') {
    return {
      line,
      message: 'A second document (---) starts here.',
      remedy: 'Keep one agreement in the file.',
    };
  }
  return {
    line,
    message: `This is not valid YAML: ${error.message}.`,
    remedy: 'Put texts with special characters (: # @ & * { [) in quotes.',
  };
}

const keyText = (key: unknown) => String(isScalar(key) ? key.value : key);

function duplicateKeys(document: Document, lineAt: (offset: number) => number): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Map(_, map, ancestors) {
      const path = ancestors.filter(isPair).map((pair) => keyText(pair.key));
      const seen = new Map<string, number>();
      for (const { key } of map.items) {
        const name = keyText(key);
        const line = isScalar(key) && key.range ? lineAt(key.range[0]) : 1;
        const first = seen.get(name);
        seen.set(name, first ?? line);
        if (first !== undefined) problems.push(duplicate([...path, name], first, line));
      }
    },
  });
  return problems;
}

function duplicate(path: Path, first: number, line: number): Problem {
  const { thing, setting } = where(path);
  return {
    line,
    message: setting
      ? `${thing} says “${setting}” twice, in lines ${first} and ${line}.`
      : `${thing} is there twice, in lines ${first} and ${line}.`,
    remedy: setting ? 'Keep one of them.' : 'Give one of them another name, or take it out.',
  };
}

function lineOfPath(document: Document, path: Path, lineAt: (offset: number) => number): number | null {
  let node: unknown = document.contents;
  let line: number | null = null;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find((item) => keyText(item.key) === String(step));
      if (!pair) break;
      if (isScalar(pair.key) && pair.key.range) line = lineAt(pair.key.range[0]);
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      if (isScalar(node) && node.range) line = lineAt(node.range[0]);
    } else break;
  }
  return line;
}
