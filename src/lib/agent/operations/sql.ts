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
