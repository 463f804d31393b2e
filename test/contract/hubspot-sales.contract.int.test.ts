import { connectorSuite } from './connector-suite.ts';
import { hubspotDeals, hubspotPayments, hubspotProducts, hubspotStock } from './hubspot-sales.ts';

connectorSuite(hubspotProducts);
connectorSuite(hubspotStock);
connectorSuite(hubspotDeals);
connectorSuite(hubspotPayments);
