// SQL as values: a statement is put together from fragments, and whatever is not a fragment can
// only become a binding. There is no way to interpolate text into a query by accident.

/** A value of a SQL row. */
export type SqlValue = string | number | null | ArrayBuffer;
export type SqlRow = Record<string, SqlValue>;
export type SqlBinding = string | number | null;

/** What the index needs of a database: a part of a Durable Object's `SqlStorage`. */
export type Sql = {
	exec(
		query: string,
		...bindings: SqlBinding[]
	): Iterable<SqlRow> & { toArray(): SqlRow[]; readonly rowsWritten: number };
};

/** A piece of SQL with the values of its question marks. */
export class Fragment {
	readonly text: string;
	readonly bindings: readonly SqlBinding[];

	constructor(text: string, bindings: readonly SqlBinding[] = []) {
		this.text = text;
		this.bindings = bindings;
	}
}

/** Writes SQL: fragments are put in, anything else is bound. */
export function sql(
	strings: TemplateStringsArray,
	...parts: readonly (Fragment | SqlBinding)[]
): Fragment {
	const bindings: SqlBinding[] = [];
	const text = strings.reduce((before, string, index) => {
		const part = parts[index - 1];
		if (part instanceof Fragment) {
			bindings.push(...part.bindings);
			return before + part.text + string;
		}
		bindings.push(part ?? null);
		return `${before}?${string}`;
	});
	return new Fragment(text, bindings);
}

/** Puts one fragment between the others; `empty` stands for none of them. */
export function join(
	fragments: readonly Fragment[],
	separator: ' AND ' | ' OR ',
	empty: Fragment
): Fragment {
	if (fragments.length === 0) return empty;
	return new Fragment(
		fragments.map(({ text }) => `(${text})`).join(separator),
		fragments.flatMap(({ bindings }) => bindings)
	);
}

/** Workers take 100 bindings a statement; a list with more of them goes as one JSON array. */
const MOST_BINDINGS = 90;

/** Runs a fragment and gives its rows. */
export function rows(db: Sql, { text, bindings }: Fragment): SqlRow[] {
	if (bindings.length <= MOST_BINDINGS) return db.exec(text, ...bindings).toArray();
	let index = -1;
	const packed = text.replaceAll('?', () => `(?1 ->> '$[${(index += 1)}]')`);
	return db.exec(packed, JSON.stringify(bindings)).toArray();
}

/** The number in a row's column; 0 where there is none. */
export function count(row: SqlRow | undefined, column: string): number {
	return Number(row?.[column] ?? 0);
}
