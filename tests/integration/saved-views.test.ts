// Saved views: kept, shared and counted on the server, over HTTP and pushed over the websocket.
import { expect, test } from 'vitest';
import {
	applyToSavedViews,
	type SavedViewsModel
} from '../../src/lib/client/live/saved-views-model';
import { savedViewListSchema, savedViewSchema, type SavedView } from '../../src/lib/protocol';
import { ADA, OTTO, VERA } from './support/people';
import { problemOf, type Person } from './support/person';
import { useSignalbox } from './support/signalbox';
import { Watching } from './support/watching';

const signalbox = useSignalbox();

async function save(by: Person, view: object): Promise<SavedView> {
	const reply = await by.post('/views', view);
	expect(reply, JSON.stringify(reply.body)).toMatchObject({ status: 201 });
	return savedViewSchema.parse(reply.body);
}

async function listed(by: Person) {
	const reply = await by.get('/views');
	expect(reply.status).toBe(200);
	return savedViewListSchema.parse(reply.body).views;
}

async function watchViews(as: string) {
	const socket = await signalbox.connect('operations-agent/main', { as });
	const views = new Watching<SavedViewsModel>(
		socket,
		{ kind: 'views', counts: 'all' },
		applyToSavedViews
	);
	return { socket, views };
}

const startOf = (order: string) => ({
	workflow: 'FOLLOW_UP',
	params: { message: order, after: '1 hour' },
	metadata: { order }
});

test('a view is saved, listed with its count, changed, pinned and deleted over HTTP', async () => {
	const vera = signalbox.as(VERA);
	await signalbox.as(OTTO).start(startOf('http'));
	const view = await save(vera, { name: 'Mine', q: 'order:http', order: 'updated' });
	expect(view).toMatchObject({
		q: 'order:http',
		order: 'updated:desc',
		owner: 'vera',
		pinned: true
	});
	const found = (await listed(vera)).find(({ id }) => id === view.id);
	expect(found).toEqual({ ...view, count: { total: 1, totalExact: true } });
	expect((await listed(signalbox.as(ADA))).some(({ id }) => id === view.id)).toBe(false);

	const at = `/views/${view.id}`;
	const changed = await vera.call('PUT', at, {
		name: 'Still mine',
		columns: ['id', 'metadata.order']
	});
	expect(changed).toMatchObject({
		status: 200,
		body: { id: view.id, name: 'Still mine', q: '', columns: ['id', 'metadata.order'] }
	});
	expect(await vera.delete(`${at}/pin`)).toMatchObject({ status: 200, body: { pinned: false } });
	expect(await vera.call('PUT', `${at}/pin`)).toMatchObject({
		status: 200,
		body: { pinned: true }
	});
	expect((await vera.delete(at)).status).toBe(204);
	problemOf(await vera.call('PUT', at, { name: 'x' }), 404, 'unknown-view');
});

test('what is wrong with a view is said, with the place in its query', async () => {
	const vera = signalbox.as(VERA);
	const { positions } = problemOf(
		await vera.post('/views', { name: 'x', q: 'created:<soon' }),
		400,
		'invalid-input'
	);
	expect(positions).toMatchObject([{ from: 8 }]);
	const { errors } = problemOf(await vera.post('/views', { q: '' }), 400, 'invalid-input');
	expect(errors).toMatchObject([{ path: 'name' }]);
	problemOf(await vera.post('/views', { name: 'x', shared: true }), 403, 'forbidden');
	problemOf(await vera.call('PUT', '/views/running', { name: 'x' }), 403, 'forbidden');
});

test('a shared view reaches everybody at once, and so does what becomes of it', async () => {
	const vera = await watchViews(VERA);
	const otto = signalbox.as(OTTO);
	const { id } = await save(otto, { name: 'Ours', q: 'order:ours', shared: true });
	const nameOf = (model: SavedViewsModel) => model.views.find((view) => view.id === id)?.name;
	await vera.views.until((model) => nameOf(model) === 'Ours');
	await signalbox.as(ADA).call('PUT', `/views/${id}`, { name: 'Ours, renamed', shared: true });
	await vera.views.until((model) => nameOf(model) === 'Ours, renamed');
	await otto.call('PUT', `/views/${id}`, { name: 'Mine again' });
	await vera.views.until((model) => nameOf(model) === undefined);
	await vera.socket.close();

	const audit = await signalbox.as(ADA).get(`/audit?target=${id}`);
	expect(audit.body).toMatchObject({
		entries: [
			{ by: 'otto', action: 'view.save', result: 'done' },
			{ by: 'ada', action: 'view.save', result: 'done' },
			{ by: 'otto', action: 'view.save', detail: { view: { name: 'Ours' } }, result: 'done' }
		]
	});
});

test('counts follow the runs, and are those of the list', async () => {
	const otto = signalbox.as(OTTO);
	const { id } = await save(otto, { name: 'Counted', q: 'order:counted status:waiting' });
	const { socket, views } = await watchViews(OTTO);
	const totalOf = (model: SavedViewsModel) => model.counts[id]?.total;
	await views.until((model) => totalOf(model) === 0);
	const first = await otto.start(startOf('counted'));
	const second = await otto.start(startOf('counted'));
	await views.until((model) => totalOf(model) === 2);
	await otto.post(`/runs/FOLLOW_UP/${first.id}/terminate`);
	const { counts } = await views.until((model) => totalOf(model) === 1);
	const list = await otto.get('/runs?q=order:counted+status:waiting');
	expect(list.body).toMatchObject({ ...counts[id], runs: [{ id: second.id }] });
	await socket.close();
});

test('counts go on when the Operations agent comes back from hibernation', async () => {
	const otto = signalbox.as(OTTO);
	const { id } = await save(otto, { name: 'After a sleep', q: 'order:asleep' });
	const { socket, views } = await watchViews(OTTO);
	await views.until((model) => model.counts[id]?.total === 0);
	await signalbox.evict('OperationsAgent', 'main');
	await otto.start(startOf('asleep'));
	await views.until((model) => model.counts[id]?.total === 1);
	await socket.close();
});
