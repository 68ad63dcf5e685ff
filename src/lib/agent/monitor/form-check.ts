import { z } from 'zod';
import { fieldErrors, type FieldError, type Json, type JsonObject } from '../../protocol';

/**
 * What a form (JSON Schema) finds wrong with a decision's data, field by field. What the schema
 * cannot say, the workflow checks when it gets the decision.
 */
export function formErrors(form: JsonObject | null, data: Json): FieldError[] {
	if (form === null) return [];
	const checked = z.fromJSONSchema(form).safeParse(data);
	return checked.success ? [] : fieldErrors(checked.error, 'data');
}
