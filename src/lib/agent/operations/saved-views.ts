import { viewErrorsText } from '../../messages/server/saved-views';
import {
	BUILT_IN_VIEWS,
	mayEditView,
	mayShareViews,
	ownerNameOf,
	ProblemError,
	savedViewInputSchema,
	SHARING_ROLES,
	visibleTo,
	type Identity,
	type SavedView,
	type SavedViewInput
} from '../../protocol';
import { migrate } from '../db/migrations';
import type { Sql, SqlRow } from '../db/sql';

/** How many views one person can save: all of them are counted and sent. */
const MOST_VIEWS = 50;

const SELECT = `SELECT v.*, p.pinned FROM sb_views v
	LEFT JOIN sb_view_pins p ON p.view = v.id AND p.person = ?1`;

/** The saved views of everybody, and who has which of them pinned. */
export class SavedViews {
	readonly #sql: Sql;

	constructor(sql: Sql) {
		this.#sql = sql;
	}

	migrate(): void {
		migrate(this.#sql, 'sb_views', [
			[
				`CREATE TABLE IF NOT EXISTS sb_views (
					id TEXT PRIMARY KEY, owner TEXT NOT NULL, shared INTEGER NOT NULL, json TEXT NOT NULL,
					created INTEGER NOT NULL, updated INTEGER NOT NULL
				) WITHOUT ROWID`,
				'CREATE INDEX IF NOT EXISTS sb_views_owner ON sb_views (owner)',
				`CREATE TABLE IF NOT EXISTS sb_view_pins (
					person TEXT NOT NULL, view TEXT NOT NULL, pinned INTEGER NOT NULL,
					PRIMARY KEY (person, view)
				) WITHOUT ROWID`
			]
		]);
	}

	/**
	 * The views that a person sees: built-in ones, their own, and those that others share. Shared ones
	 * are about the whole workspace: whoever sees a part of it would learn of the rest from their names.
	 */
	of(by: Identity): SavedView[] {
		const person = ownerNameOf(by);
		const pins = new Map(
			this.#sql
				.exec('SELECT view, pinned FROM sb_view_pins WHERE person = ?', person)
				.toArray()
				.map((row) => [String(row['view']), row['pinned'] === 1])
		);
		const builtIn = BUILT_IN_VIEWS.map((view) => ({
			...view,
			pinned: pins.get(view.id) ?? view.pinned
		}));
		const kept = this.#sql
			.exec(
				`${SELECT} WHERE v.owner = ?1 OR (v.shared = 1 AND ?2) ORDER BY v.owner <> ?1, v.created, v.id`,
				person,
				Number(visibleTo(by) === 'everywhere')
			)
			.toArray();
		return [...builtIn, ...kept.map((row) => viewOf(row, person))];
	}

	/** The view with this id, as a person sees it. @throws ProblemError `unknown-view` */
	get(id: string, by: Identity): SavedView {
		const found = this.of(by).find((view) => view.id === id);
		if (!found) throw new ProblemError('unknown-view', viewErrorsText.unknown(id));
		return found;
	}

	/**
	 * Saves a new view, or replaces the one with this `id`.
	 * @throws ProblemError `unknown-view`, `forbidden`, `invalid-input`
	 */
	save(id: string | undefined, view: SavedViewInput, by: Identity, now: number): SavedView {
		if (view.shared && !mayShareViews(by.roles)) {
			const roles = SHARING_ROLES.join(' or ');
			throw new ProblemError('forbidden', viewErrorsText.sharingRole(roles));
		}
		if (id === undefined) return this.#create(view, by, now);
		this.#editable(id, by);
		this.#sql.exec(
			'UPDATE sb_views SET shared = ?, json = ?, updated = ? WHERE id = ?',
			Number(view.shared),
			JSON.stringify(view),
			now,
			id
		);
		return this.get(id, by);
	}

	/** @throws ProblemError `unknown-view`, `forbidden` */
	delete(id: string, by: Identity): void {
		this.#editable(id, by);
		this.#sql.exec('DELETE FROM sb_views WHERE id = ?', id);
		this.#sql.exec('DELETE FROM sb_view_pins WHERE view = ?', id);
	}

	/** Pins or unpins a view for one person. @throws ProblemError `unknown-view` */
	pin(id: string, pinned: boolean, by: Identity): SavedView {
		this.get(id, by);
		this.#sql.exec(
			'INSERT OR REPLACE INTO sb_view_pins VALUES (?, ?, ?)',
			ownerNameOf(by),
			id,
			Number(pinned)
		);
		return this.get(id, by);
	}

	#create(view: SavedViewInput, by: Identity, now: number): SavedView {
		const owner = ownerNameOf(by);
		const kept = this.#sql.exec('SELECT id FROM sb_views WHERE owner = ?', owner).toArray();
		if (kept.length >= MOST_VIEWS)
			throw new ProblemError('invalid-input', viewErrorsText.tooMany(MOST_VIEWS));
		const id = `view_${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}`;
		this.#sql.exec(
			'INSERT INTO sb_views VALUES (?, ?, ?, ?, ?, ?)',
			id,
			owner,
			Number(view.shared),
			JSON.stringify(view),
			now,
			now
		);
		return this.get(id, by);
	}

	#editable(id: string, by: Identity): void {
		const view = this.get(id, by);
		if (mayEditView(view, by)) return;
		const why =
			view.owner === null
				? viewErrorsText.builtIn(view.name)
				: viewErrorsText.ownedByOther(view.name, view.owner);
		throw new ProblemError('forbidden', why);
	}
}

/** Somebody's own views are pinned until they unpin them; those of others are not until they pin them. */
function viewOf(row: SqlRow, person: string): SavedView {
	const owner = String(row['owner']);
	return {
		id: String(row['id']),
		...savedViewInputSchema.parse(JSON.parse(String(row['json']))),
		owner,
		pinned: row['pinned'] === null ? owner === person : row['pinned'] === 1,
		createdAt: Number(row['created']),
		updatedAt: Number(row['updated'])
	};
}
