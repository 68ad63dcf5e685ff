// The query language's door: text to terms and back, edits of the text, and what terms mean.
export {
	chipsOf,
	complete,
	likelyFields,
	removeChip,
	soughtTexts,
	typedAt,
	withoutTyped,
	writtenKey,
	writtenValue,
	type LikelyField,
	type QueryChip,
	type TypedPiece
} from './complete';
export { removeTerm, setTerm, toggleValue } from './edit';
export { formatQuery, formatTerm } from './format';
export { dateBound, intervalOf, isOfDates } from './intervals';
export { matches, matchesText, soughtAnywhere, traitOf } from './matches';
export {
	beganAt,
	errorText,
	exactText,
	metadataValues,
	noteText,
	normalizeText,
	type MetadataValue
} from './metadata';
export { parseQuery } from './parse';
export { progressCounts, progressPercent, type ProgressCounts } from './progress';
export { parseNumber } from './quantities';
export * from './terms';
