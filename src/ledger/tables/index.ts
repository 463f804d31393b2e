export * from './agreement.ts';
export * from './changes.ts';
export * from './connections.ts';
export * from './exchanges.ts';
export * from './incidents.ts';
export * from './outbox.ts';
export * from './records.ts';
export * from './runs.ts';
