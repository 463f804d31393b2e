import { connectorSuite } from './connector-suite.ts';
import { xero } from './xero.ts';

connectorSuite(xero);
