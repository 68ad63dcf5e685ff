// The query language's door: text to terms and back, edits of the text, and what terms mean.
export { keyOf, removeTerm, setTerm, toggleValue } from './edit';
export { formatKey, formatQuery, formatTerm, formatValue } from './format';
export { matches } from './matches';
export { progressPercent } from './metadata';
export { parseQuery } from './parse';
export * from './terms';
