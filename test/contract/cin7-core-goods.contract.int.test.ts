import { cin7CoreProducts, cin7CoreStock } from './cin7-core-goods.ts';
import { connectorSuite } from './connector-suite.ts';

connectorSuite(cin7CoreProducts);
connectorSuite(cin7CoreStock);
