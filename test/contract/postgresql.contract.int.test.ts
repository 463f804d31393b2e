import { describe } from 'vitest';
import { connectorSuite } from './connector-suite.ts';
import { postgresqlSubject } from './postgresql.ts';

describe('changes by a column', () =>
  connectorSuite(postgresqlSubject({ kind: 'column', column: 'updated_at' })));

describe('changes by triggers', () => connectorSuite(postgresqlSubject({ kind: 'trigger' })));
