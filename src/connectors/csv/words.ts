/** As people call it. */
export const label = 'Spreadsheet';
