import { cin7Core } from './cin7-core.ts';
import { connectorSuite } from './connector-suite.ts';

connectorSuite(cin7Core);
