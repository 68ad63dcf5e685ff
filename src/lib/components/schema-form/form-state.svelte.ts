import type { FieldError, Json, JsonObject } from '$lib/protocol';
import { fits, toDraft, type Draft } from './draft';
import { toField, type Field } from './field';
import { strayErrors } from './paths';
import { parseJson, toValue, type Reading } from './reading';
import { validate } from './validate';

/** How a form is filled in: field by field, or as JSON. */
export type FormMode = 'fields' | 'json';

/**
 * A form made from a JSON Schema: what was typed, in which mode, and what is wrong with it. The
 * same value is read from both modes and checked by the same schema.
 */
export class FormState {
	readonly field: Field;
	#schema: JsonObject;
	#root: string;
	#mode = $state<FormMode>('fields');
	#errors = $state.raw<readonly FieldError[]>([]);
	/** What was typed into the fields. */
	draft: Draft;
	/** What was typed as JSON. */
	text = $state('');

	/** @param root what errors call the whole value: `params` */
	constructor(schema: JsonObject, initial?: Json, root = 'params') {
		this.#schema = schema;
		this.#root = root;
		this.field = toField(schema);
		this.draft = $state(toDraft(this.field, initial));
		if (initial === undefined || fits(this.field, initial)) return;
		this.#mode = 'json';
		this.text = write(initial);
	}

	get mode(): FormMode {
		return this.#mode;
	}

	/** What is wrong, field by field. */
	get errors(): readonly FieldError[] {
		return this.#errors;
	}

	/** What is wrong that no field on screen shows. */
	get strayErrors(): readonly FieldError[] {
		return this.#mode === 'json'
			? this.#errors
			: strayErrors(this.field, this.draft, this.#errors, this.#root);
	}

	/** What is typed, as far as it can be read; it is not checked. */
	get typed(): Json | undefined {
		return this.#reading().value;
	}

	/** Reads the value and checks it. Undefined when something is wrong: `errors` says what. */
	read(): Json | undefined {
		const { value, errors } = this.#reading();
		this.#errors = value === undefined ? errors : together(errors, this.#check(value));
		return this.#errors.length > 0 ? undefined : value;
	}

	/** Shows what the server found wrong. */
	refuse(errors: readonly FieldError[]): void {
		this.#errors = errors;
	}

	/** Goes on in the other mode with what was typed, unless it would be lost. */
	switchTo(mode: FormMode): void {
		if (mode === this.#mode) return;
		const { value, errors } = this.#reading();
		if (mode === 'json') {
			this.text = write(value ?? {});
		} else {
			const problem = value === undefined ? errors : this.#misfit(value);
			this.#errors = problem;
			if (value === undefined || problem.length > 0) return;
			this.draft = toDraft(this.field, value);
		}
		this.#errors = [];
		this.#mode = mode;
	}

	#check(value: Json): FieldError[] {
		return validate(this.#schema, value, this.#root);
	}

	#reading(): Reading {
		if (this.#mode === 'fields') return toValue(this.field, this.draft, this.#root);
		const parsed = parseJson(this.text);
		return parsed.ok
			? { value: parsed.value, errors: [] }
			: { value: undefined, errors: [{ path: this.#root, message: parsed.message }] };
	}

	#misfit(value: Json): FieldError[] {
		if (fits(this.field, value)) return [];
		const errors = this.#check(value);
		const message = 'holds something that the form has no field for';
		return errors.length > 0 ? errors : [{ path: this.#root, message }];
	}
}

/** Everything that is wrong at once: of a field that could not be read, why not, and no more. */
function together(unread: FieldError[], misfits: FieldError[]): FieldError[] {
	const known = new Set(unread.map(({ path }) => path));
	return [...unread, ...misfits.filter(({ path }) => !known.has(path))];
}

const write = (value: Json) => JSON.stringify(value, null, 2);
