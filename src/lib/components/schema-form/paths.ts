import type { FieldError } from '../../protocol';
import type { Draft } from './draft';
import type { Field } from './field';

/** The errors that no visible field shows; they are listed above the form. */
export function strayErrors(
	field: Field,
	draft: Draft,
	errors: readonly FieldError[],
	path = 'params'
): FieldError[] {
	const shown = new Set(pathsOf(field, draft, path));
	// The form as a whole has no field.
	return errors.filter((error) => error.path === path || !shown.has(error.path));
}

/** The paths of the visible fields. */
function pathsOf(field: Field, draft: Draft, path: string): string[] {
	if (field.kind === 'group' && draft.kind === 'group') {
		const inside = field.properties.flatMap(({ name, field: property }) => {
			const own = draft.drafts[name];
			return own && draft.given && property.kind !== 'fixed'
				? pathsOf(property, own, `${path}.${name}`)
				: [];
		});
		return [path, ...inside];
	}
	if (field.kind === 'list' && draft.kind === 'list') {
		const inside = draft.items.flatMap((item, index) =>
			pathsOf(field.item, item, `${path}.${index}`)
		);
		return [path, ...inside];
	}
	if (field.kind === 'union' && draft.kind === 'union') {
		const [variant, own] = [field.variants[draft.index], draft.drafts[draft.index]];
		return variant && own ? [path, ...pathsOf(variant, own, path)] : [path];
	}
	return [path];
}
