import { today } from '#src/playground/vendors/xero/books/dates.ts';
import type { Living } from '../living.ts';

/** What day it is where the books are kept: `2026-11-21`. */
export const todayIn = ({ house }: Living): string => today(house.clock.now());
