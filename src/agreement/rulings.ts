import type { Agreement, FieldTerms, Flow } from './agreement.ts';

/** A rule of one field that owners agreed in Slack, as far as it decides what an agreement says. */
export interface RulingTerms {
  readonly flow: string;
  readonly field: string;
  /** The connection that wins. */
  readonly systemOfRecord: string;
  /** What the file said of the field when it was agreed. */
  readonly instead: { readonly rule: string; readonly systemOfRecord: string; readonly twoPeople: boolean };
}

/** What a ruling stands instead of. Pure. */
export const insteadOf = ({ rule, systemOfRecord, twoPeople }: FieldTerms): RulingTerms['instead'] => ({
  rule,
  systemOfRecord,
  twoPeople,
});

/**
 * What the file says with the rulings laid over it. A ruling stands as long as the file says of its field what it said when both
 * owners agreed; a file that says otherwise since, or the same, has the last word, and the ruling is over. Pure.
 */
export function withRulings<R extends RulingTerms>(
  file: Agreement,
  rulings: readonly R[],
): { readonly agreement: Agreement; readonly rulings: R[] } {
  const standing = rulings.filter((ruling) => stands(file, ruling));
  return { agreement: standing.reduce(laid, file), rulings: standing };
}

function stands({ flows }: Agreement, { flow: id, field, systemOfRecord, instead }: RulingTerms): boolean {
  const terms = flows[id]?.fields[field];
  return (
    terms !== undefined &&
    terms.rule === instead.rule &&
    terms.systemOfRecord === instead.systemOfRecord &&
    terms.twoPeople === instead.twoPeople &&
    terms.between.includes(systemOfRecord)
  );
}

/** Where in `truce.yml` a ruling would stand, and its line; what else the line said of who takes part stays. Pure. */
export function lineFor(
  flow: Pick<Flow, 'id' | 'connections' | 'fields'>,
  { field, systemOfRecord }: Pick<RulingTerms, 'field' | 'systemOfRecord'>,
): { readonly place: string; readonly line: string } {
  const between = flow.fields[field]?.between ?? flow.connections;
  const isAll = flow.connections.every((one) => between.includes(one));
  const part = isAll ? '' : `, between: [${between.join(', ')}]`;
  return {
    place: `flows → ${flow.id} → fields`,
    line: `${field}: { rule: overwrite, system_of_record: ${systemOfRecord}${part} }`,
  };
}

/** Whether the agreement says of a field what the ruling says. Pure. */
export const saysSo = ({ flows }: Agreement, { flow, field, systemOfRecord }: RulingTerms): boolean => {
  const terms = flows[flow]?.fields[field];
  return terms?.rule === 'overwrite' && terms.systemOfRecord === systemOfRecord;
};

/** In the order of the file, since the order is read, and counts for whether two agreements are the same. */
function laid(agreement: Agreement, { flow: id, field, systemOfRecord }: RulingTerms): Agreement {
  const flow = agreement.flows[id];
  const terms = flow?.fields[field];
  if (!flow || !terms) return agreement;
  const ruled: FieldTerms = {
    ...terms,
    rule: 'overwrite',
    systemOfRecord,
    decideWithinHours: null,
    ifNobodyChooses: 'hold',
    twoPeople: false,
  };
  return {
    ...agreement,
    flows: { ...agreement.flows, [id]: { ...flow, fields: { ...flow.fields, [field]: ruled } } },
  };
}
