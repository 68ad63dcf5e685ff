import { schemaFormText } from '$lib/messages/components/schema-form';
import { withoutRedacted, type FieldError, type Json, type JsonObject } from '$lib/protocol';
import { z } from 'zod';
import { draftSchema, fits, isDraftOf, toDraft, type Draft } from './draft';
import { toField, type Field } from './field';
import { strayErrors } from './paths';
import { parseJson, toValue, type DraftReading } from './reading';
import { validate } from './validate';

export type FormMode = 'fields' | 'json';

/** The input of a form, half-typed values included. */
export const formInputSchema = z.object({
	mode: z.enum(['fields', 'json']),
	draft: draftSchema,
	text: z.string()
});
export type FormInput = z.infer<typeof formInputSchema>;

/**
 * A form made from a JSON Schema: its input, mode and errors. Both modes give the same value, checked
 * by the same schema.
 */
export class FormState {
	readonly field: Field;
	#schema: JsonObject;
	#root: string;
	#mode = $state<FormMode>('fields');
	#errors = $state.raw<readonly FieldError[]>([]);
	/** The input of the fields. */
	draft: Draft;
	/** The input as JSON. */
	text = $state('');

	/** @param root the name of the whole value in the paths of errors: `params` */
	constructor(schema: JsonObject, initial?: Json, root = 'params') {
		this.#schema = schema;
		this.#root = root;
		this.field = toField(schema);
		this.draft = $state(toDraft(this.field));
		this.fill(initial);
	}

	/**
	 * Replaces the input by a value, or without one by the defaults. What was masked in the value is
	 * left out: it has to be entered.
	 */
	fill(value?: Json): void {
		const isFitting = value === undefined || fits(this.field, value);
		this.#errors = [];
		this.#mode = isFitting ? 'fields' : 'json';
		this.draft = toDraft(this.field, isFitting ? value : undefined);
		this.text = isFitting ? '' : write(withoutRedacted(value) ?? {});
	}

	/** The input as it is, half-typed values included, to be kept as JSON. */
	get input(): FormInput {
		return { mode: this.#mode, draft: $state.snapshot(this.draft), text: this.text };
	}

	/** Takes input that was kept; returns false if it does not fit the form. */
	restore({ mode, draft, text }: FormInput): boolean {
		if (!isDraftOf(this.field, draft)) return false;
		this.#errors = [];
		this.#mode = mode;
		this.draft = draft;
		this.text = text;
		return true;
	}

	get mode(): FormMode {
		return this.#mode;
	}

	get errors(): readonly FieldError[] {
		return this.#errors;
	}

	/** Errors that no visible field shows. */
	get strayErrors(): readonly FieldError[] {
		return this.#mode === 'json'
			? this.#errors
			: strayErrors(this.field, this.draft, this.#errors, this.#root);
	}

	/** The input as far as it can be read, unchecked. */
	get typed(): Json | undefined {
		return this.#reading().value;
	}

	/** Reads and checks the value; undefined if there are `errors`. */
	read(): Json | undefined {
		const { value, errors } = this.#reading();
		this.#errors = value === undefined ? errors : together(errors, this.#check(value));
		return this.#errors.length > 0 ? undefined : value;
	}

	/** Shows the errors of the server. */
	refuse(errors: readonly FieldError[]): void {
		this.#errors = errors;
	}

	/** Switches the mode and keeps the input; refuses if some of it would be lost. */
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

	#reading(): DraftReading {
		if (this.#mode === 'fields') return toValue(this.field, this.draft, this.#root);
		const parsed = parseJson(this.text);
		return parsed.ok
			? { value: parsed.value, errors: [] }
			: { value: undefined, errors: [{ path: this.#root, message: parsed.message }] };
	}

	#misfit(value: Json): FieldError[] {
		if (fits(this.field, value)) return [];
		const errors = this.#check(value);
		const message = schemaFormText.noFieldFor;
		return errors.length > 0 ? errors : [{ path: this.#root, message }];
	}
}

/** All errors at once; a field that could not be read has only that error. */
function together(unread: FieldError[], misfits: FieldError[]): FieldError[] {
	const known = new Set(unread.map(({ path }) => path));
	return [...unread, ...misfits.filter(({ path }) => !known.has(path))];
}

const write = (value: Json) => JSON.stringify(value, null, 2);
