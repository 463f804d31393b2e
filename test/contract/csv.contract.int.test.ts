import { describe } from 'vitest';
import { connectorSuite } from './connector-suite.ts';
import { sheetSubject } from './csv.ts';

describe('a CSV file', () => connectorSuite(sheetSubject('csv')));

describe('a workbook', () => connectorSuite(sheetSubject('xlsx')));
