import { connectorSuite } from './connector-suite.ts';
import { xeroInvoices, xeroItems, xeroPayments } from './xero-books.ts';

for (const subject of [xeroItems, xeroInvoices, xeroPayments]) connectorSuite(subject);
