import { connectorSuite } from './connector-suite.ts';
import { hubspot } from './hubspot.ts';

connectorSuite(hubspot);
