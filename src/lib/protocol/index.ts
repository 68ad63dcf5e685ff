// The protocol's one door: everything that crosses a boundary, and the pure rules about it.
export * from './actions';
export * from './approval';
export * from './audit';
export * from './catalogue';
export * from './events';
export * from './fold';
export * from './identity';
export * from './json';
export * from './live';
export * from './problem';
export * from './purge';
export * from './query';
export * from './query-language';
export * from './request';
export * from './run';
export * from './status';
export * from './timeline';
