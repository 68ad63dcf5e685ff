import { translated } from '../locale';
import { plural } from '../plural';

const en = {
	mode: 'Input mode',
	modes: { fields: 'Form', json: 'JSON' },
	params: 'Params',
	paramsAsJson: 'Params as JSON',
	data: 'Data',
	dataAsJson: 'Data as JSON',
	/** An error of a nested field, after its path. */
	fieldError: (path: string, message: string) => `${path} ${message}`,

	yes: 'Yes',
	no: 'No',
	notSet: 'Not set',
	choose: 'Choose…',
	kindOf: (field: string) => `Kind of ${field}`,
	noVariant: 'None',
	add: 'Add',
	addTo: (field: string) => `to ${field}`,
	remove: 'Remove',
	item: (list: string, place: number) => `${list} ${place}`,
	removeItem: (place: number) => `Remove item ${place}`,
	jsonPlaceholder: 'JSON',
	defaultPlaceholder: (value: string) => `${value} if left empty`,

	filePlaceholder: 'Type, paste, or drop a file here',
	loadFile: 'Load file',
	fileFor: (field: string) => `File for ${field}`,
	unreadableFile: (file: string, reason: string) => `${file} could not be read: ${reason}`,
	size: (lines: number, bytes: string) =>
		`${plural(lines, { one: '# line', other: '# lines' })}, ${bytes}`,

	/** Errors follow the name of their field. */
	required: 'is required',
	notANumber: 'must be a number',
	notAnInteger: 'must be a whole number',
	notJson: (reason: string) => `is not valid JSON: ${reason}`,
	noFieldFor: 'contains a value that the form has no field for',

	/** What a variant is called that has no title. */
	types: {
		null: 'None',
		object: 'Object',
		array: 'List',
		string: 'Text',
		number: 'Number',
		integer: 'Whole number',
		boolean: 'Yes or no'
	},
	otherType: 'Other'
};

export const schemaFormText = translated({ en });
