import { translated } from '../locale';

/** What the addresses of Agents (`/agents/…`) answer. */
const en = {
	noAgent: (path: string) => `There is no Agent at ${path}.`,
	needsRole: (path: string, roles: string, name: string, held: string) =>
		`${path} requires the role ${roles}. ${name} has ${held}.`,
	noRoles: 'none',
	methodNotAllowed: (method: string, path: string, allowed: string) =>
		`${method} ${path} is not possible: use ${allowed}.`,
	onlyWebSocket: 'a websocket'
};

export const agentAccessText = translated({ en });
