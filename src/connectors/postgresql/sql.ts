/** Names and types inside statements. Names come from the agreement alone and are quoted; values never get here. */

/** `"customers"`. A name is taken as it is written, capitals and all. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** `"crm"."customers"`; without a schema as the user's search path finds it. */
export const quotedTable = (table: string): string => table.split('.').map(quoted).join('.');

/** A text inside a statement that takes no values, such as one that makes a trigger. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
